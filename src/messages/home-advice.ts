/** What to do about a program that is named as a shell would find it, under the sign of a home. */

/** Empty for a path without a folder that begins with `~`; the suite's folder may stand before it. */
export function homeAdvice(program: string): readonly string[] {
  if (!/(?:^|\/)~[^/]*\//.test(program)) return [];
  return ["`~` is not expanded, since no shell reads the command: write the folder out."];
}
