/** One job of a matrix, as it is told from the others: they share the id of the job, the suite and everything that a default is made of. */

export interface MatrixJob {
  /** Its values as GitHub puts them behind the name of the job, such as `gpu-a, 2`: on one line, at most 100 characters. */
  readonly label: string;
  /** Another one for every other job of the matrix, and the same in each run; of letters and digits. */
  readonly key: string;
}
