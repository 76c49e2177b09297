/** What a thrown value says, read by its fields: an error of another realm (a test runner's, a worker's) is no `instanceof Error` here. */

/** Its message, such as `EACCES: permission denied`; its code or the value as text when it has none. */
export function reasonOf(thrown: unknown): string {
  const message = fieldOf(thrown, "message");
  return typeof message === "string" && message !== "" ? message : (codeOf(thrown) ?? String(thrown));
}

/** Its code, such as `ENOENT`; null when it has none. */
export function codeOf(thrown: unknown): string | null {
  const code = fieldOf(thrown, "code");
  return typeof code === "string" ? code : null;
}

/** What it was caused by, or itself. */
export function causeOf(thrown: unknown): unknown {
  return fieldOf(thrown, "cause") ?? thrown;
}

/** The same error with the file that it is about: what a failed write throws knows the number of a descriptor only. */
export function aboutFile(thrown: unknown, path: string): unknown {
  if (typeof thrown === "object" && thrown !== null && !Reflect.has(thrown, "path")) Reflect.set(thrown, "path", path);
  return thrown;
}

function fieldOf(thrown: unknown, name: "message" | "code" | "cause"): unknown {
  return typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, name) : undefined;
}
