/** Engine `command`: any program that speaks the JSON Lines protocol on stdin and stdout, a language model or not. */
import { commandMissing } from "../../messages/engines-plan.ts";
import { GateError } from "../../model/problem.ts";
import type { Suite } from "../../model/suite.ts";
import { argumentWords, namedOptions } from "../argument-words.ts";
import { commandWords } from "../command-words.ts";
import type { Engine } from "../engine.ts";
import { everySamplingField } from "../every-sampling-field.ts";
import { openJsonLines } from "../protocols/json-lines-session.ts";
import { stdioPlan } from "../protocols/stdio-plan.ts";

export const command: Engine = {
  name: "command",
  // The program is told every field and answers `failed` to what it cannot honour.
  sampling: { fields: everySamplingField, extra: [], tokenIds: true },
  plan: (suite: Suite) => {
    const { engine, folder } = suite;
    const words = commandWords(engine.command, folder);
    if (words === null)
      throw new GateError([
        commandMissing({ source: engine.source, engine: "command", example: '["python3", "pipeline.py"]' }),
      ]);
    return stdioPlan(
      suite,
      [...words, ...argumentWords(namedOptions(engine), engine)],
      [
        "Run the command by hand: it must print a `ready` line on stdout before anything else (docs/engine-protocol.md).",
        "Send everything that is no message to stderr.",
      ],
    );
  },
  open: openJsonLines,
};
