/** The clean-up step of the action, which runs in every path: ends what a gate that was killed has left. Never fails the job. */
import { cleanUp as sweep } from "../commands/clean-up.ts";
import { nodeWorkbench } from "../commands/node-workbench.ts";
import { terminalText } from "../report/escape/terminal-text.ts";
import { workflowCommand } from "../report/escape/workflow-command.ts";

export async function cleanUp(): Promise<void> {
  const { env } = process;
  const signal = new AbortController().signal;
  const { stopped, problems } = await sweep(nodeWorkbench({ onProgress: () => {}, signal, env }));
  const lines = stopped.map((what) => `Stopped: ${terminalText(what)}`);
  process.stdout.write(`${(lines.length === 0 ? ["Nothing was left behind."] : lines).join("\n")}\n`);
  for (const { title, code, found } of problems) {
    const message = found === null ? title : `${title}\n${found}`;
    process.stdout.write(
      `${workflowCommand({ name: "warning", properties: { title: `inference-gate: ${code}` }, message })}\n`,
    );
  }
}
