/** The log of the step: lines as they come, and groups that a reader opens. Nothing in it is a command but ours, and no secret is in it. */
import { terminalText, withoutCommands } from "../report/escape/terminal-text.ts";
import { workflowCommand } from "../report/escape/workflow-command.ts";
import { masked } from "./secrets.ts";

/** Lines of an engine's log that are kept for the end; what is older is in the file that a problem names. */
const keptLines = 2000;

export interface StepLog {
  /** Text that is safe for a log already. */
  write(text: string): void;
  group(title: string, text: string): void;
  /** One line of the engine's log; hostile. */
  engineLine(line: string): void;
  /** The engine's log so far as a group; nothing when it said nothing. */
  showEngineLog(): void;
}

export function stepLog(print: (text: string) => void, secrets: readonly string[]): StepLog {
  const lines: string[] = [];
  let heard = 0;
  const write = (text: string) => print(masked(text, secrets));
  const group = (title: string, text: string) =>
    write(
      `${workflowCommand({ name: "group", properties: {}, message: title })}\n${text}${text.endsWith("\n") ? "" : "\n"}` +
        `${workflowCommand({ name: "endgroup", properties: {}, message: "" })}\n`,
    );
  return {
    write,
    group,
    engineLine(line) {
      heard += 1;
      lines.push(withoutCommands(terminalText(line)));
      if (lines.length > keptLines) lines.shift();
    },
    showEngineLog() {
      if (heard === 0) return;
      const cut = heard > lines.length ? `, the last ${lines.length}` : "";
      group(`Log of the engine (${heard} ${heard === 1 ? "line" : "lines"}${cut})`, lines.join("\n"));
    },
  };
}
