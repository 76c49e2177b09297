/** What llama.cpp's server says of itself, as facts, and whether it is the server that was asked for. */
import { basename } from "node:path";
import { wrongModel } from "../../messages/engines-reply.ts";
import { severalSlots } from "../../messages/engines-sampling.ts";
import type { FactValue } from "../../model/fingerprint.ts";
import type { Problem } from "../../model/problem.ts";
import type { EngineFacts } from "../../model/request.ts";
import type { Suite } from "../../model/suite.ts";
import { digestOf } from "../../platform/hashing.ts";
import { optionFacts } from "../option-facts.ts";
import type { Props } from "./replies.ts";

/** The model must be the suite's, by its file name where the suite has a path; there must be one slot. */
export function serverProblems({ model }: Suite, props: Props): readonly Problem[] {
  const file = basename(props.model_path);
  const alias = props.model_alias ?? file;
  const problems: Problem[] = [];
  if (props.total_slots !== 1) problems.push(severalSlots({ engine: "llama-cpp", slots: props.total_slots }));
  if (model !== null) {
    const asked = model.path === null ? model.name : basename(model.path);
    const known = model.path === null ? [alias, file, file.replace(/\.gguf$/i, "")] : [file];
    if (!known.includes(asked))
      problems.push(wrongModel({ engine: "llama-cpp", caseId: null, asked, served: [...new Set([file, alias])] }));
  }
  return problems;
}

/** Options of the suite under `engine.flag.` (unless somebody else started the server), then what GET /props tells; nothing that differs from launch to launch. */
export function serverFacts(suite: Suite, props: Props): EngineFacts {
  const said: readonly (readonly [string, FactValue | undefined])[] = [
    ["engine.name", "llama-cpp"],
    ["engine.build", props.build_info],
    ["engine.slots", props.total_slots],
    ["engine.context", props.default_generation_settings.n_ctx],
    ["model.name", basename(props.model_path)],
    ["model.quantisation", props.model_ftype],
    ["model.chat_template", props.chat_template === undefined ? undefined : digestOf(props.chat_template)],
  ];
  return [
    ...optionFacts(suite),
    ...said.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value, source: "GET /props" }])),
  ];
}
