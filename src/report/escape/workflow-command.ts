/** Workflow commands: lines of a log that GitHub's runner acts on, with everything in them escaped for its place. */
import { terminalLines, terminalText } from "./terminal-text.ts";

export interface WorkflowCommand {
  readonly name: "error" | "warning" | "notice" | "group" | "endgroup" | "add-mask";
  /** Properties that are null are left out. */
  readonly properties: { readonly [name: string]: string | number | null };
  /** May have several lines. */
  readonly message: string;
}

/** The command as one line without its end. Escapes as the runner takes them back: https://github.com/actions/toolkit, core/src/command.ts. */
export function workflowCommand({ name, properties, message }: WorkflowCommand): string {
  const given = Object.entries(properties).flatMap(([key, value]) =>
    value === null ? [] : [`${key}=${property(terminalText(String(value)))}`],
  );
  const head = given.length === 0 ? name : `${name} ${given.join(",")}`;
  return `::${head}::${data(terminalLines(message).join("\n"))}`;
}

/** Tells the runner to mask a value in all that it keeps of the log; the value is passed on unchanged, or it would not be found. */
export function maskCommand(secret: string): string {
  return `::add-mask::${data(secret)}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
