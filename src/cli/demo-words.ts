/** What the demo says between its reports. */
import type { DemoStep } from "../commands/demo.ts";

/** Heading of a step, as lines. */
export function demoHeading(number: number, step: DemoStep): string {
  const title = `── ${number}. ${step.title} `;
  return `\n${title.padEnd(100, "─")}\n   ${step.text}\n\n`;
}

/** One split from near, below its report; nothing when no output split inside its text. */
export const demoCloseUp = (closeUp: string | null) =>
  closeUp === null ? "" : `\n── One split from near ──\n\n${closeUp}`;

/** The end, when every step went as it should. */
export function demoClosing(suitePath: string): string {
  return `
── That is all ─────────────────────────────────────────────────────────────────────────────────────
   The same model and the same question gave the same bits, and each planted change was named.
   The suite, its lock and its goldens: ${suitePath}

   For your own model:
     1. inference-gate init          writes inference-gate/suite.yml, prompts and a workflow
     2. edit the suite               your engine, your model, your prompts (docs/suite.md)
     3. inference-gate record        on the hardware that shall check; read and commit the goldens
     4. inference-gate check         in every pull request and before every release
`;
}

/** The end, when a step did not go as it should. */
export function demoUnexpected(verdict: string): string {
  return `
The demo did not go as it should: the last step ended with ${verdict}. The report above says why.
On a busy or unusual machine try again with --fresh; if it stays, please report it with the report above.
`;
}
