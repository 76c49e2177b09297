/** GitHub's client, apart: most runs of the command line never speak to GitHub, and it is as large as all the rest. */
export { getOctokit } from "@actions/github";
