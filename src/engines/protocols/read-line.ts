/** What a line on a program's stdout is: a message, something printed by a framework, or a broken message. */
import { type ReplyLine, replyLineSchema } from "./json-lines-messages.ts";

export type ReadLine =
  | { readonly kind: "message"; readonly message: ReplyLine }
  /** No JSON object with a `type`: printed by a framework, and harmless. */
  | { readonly kind: "noise" }
  | { readonly kind: "broken"; readonly issue: string };

/** A line that begins like a message (`{"`) and is no JSON is broken, not noise: waiting for the rest of it would be for ever. */
export function readLine(line: string): ReadLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return line.trimStart().startsWith('{"') ? { kind: "broken", issue: "not JSON" } : { kind: "noise" };
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return { kind: "noise" };
  const parsed = replyLineSchema.safeParse(value);
  if (parsed.success) return { kind: "message", message: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  return { kind: "broken", issue: `${where}${issue?.message ?? "another shape"}` };
}
