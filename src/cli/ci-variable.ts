/** By which variable a continuous-integration service makes itself known. */

const ciVariables = ["CI", "GITHUB_ACTIONS"] as const;

/** Null on a machine of one's own. */
export function ciVariable(env: { readonly [name: string]: string | undefined }): string | null {
  return ciVariables.find((name) => isSet(env[name])) ?? null;
}

const isSet = (value: string | undefined) => value !== undefined && value !== "" && value !== "false";
