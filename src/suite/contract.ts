/** The contract: everything that can change an output. Its digest decides whether a golden still answers the question that is asked. */
import type { Case, Prompt } from "../model/case.ts";
import type { ContainerSpec } from "../model/container-spec.ts";
import { preludeEngines } from "../model/determinism.ts";
import type { Digest } from "../model/digest.ts";
import type { Json } from "../model/json.ts";
import type { EngineSpec, Suite } from "../model/suite.ts";
import { digestOfJson } from "../platform/hashing.ts";

export { contractChanges } from "./contract-changes.ts";

/** Raised when the contract is written down in another form, so that old digests cannot agree by chance. */
const contractVersion = 1;

/** Variables that open doors and shape no output; they must not be repeated in a lock. */
const secretName = /(?:^|_)(?:API_?KEY|ACCESS_KEY|TOKEN|SECRET|PASSWORD)$/i;

/** The part that all cases share: no path of this machine, no address, no secret, no time limit, no compare policy. */
export function sharedContract(suite: Suite): Record<string, Json> {
  const { engine, model, determinism, dependencies, container } = suite;
  return {
    engine: {
      name: engine.name,
      command: commandContract(engine),
      args: { ...engine.args },
      env: Object.fromEntries(Object.entries(engine.env).filter(([name]) => !secretName.test(name))),
    },
    model: model === null ? null : { name: model.name, revision: model.revision },
    ...(determinism === null ? {} : { determinism: { ...determinism } }),
    dependencies: { ...dependencies },
    ...(container === null ? {} : containerContract(container)),
  };
}

/** As written; without the interpreter of a driver of ours, which is measured with all that it has installed, wherever it lies. */
function commandContract({ name, command }: EngineSpec): Json {
  if (preludeEngines.includes(name)) return command === null ? [] : command.slice(1);
  return command === null ? null : [...command];
}

/** The image by its digest alone: a mirror under another name holds the same bytes. Limits and rights shape no output. */
function containerContract({ image, env, volumes }: ContainerSpec): Record<string, Json> {
  const settings = {
    ...(env.length === 0 ? {} : { env: env.filter((name) => !secretName.test(name)) }),
    ...(volumes.length === 0 ? {} : { volumes: volumes.map(({ target }) => target) }),
  };
  return { image: image.digest, ...(Object.keys(settings).length === 0 ? {} : { container: settings }) };
}

/** Digest of the prompt as written, its kind included. */
export function promptDigest(prompt: Prompt): Digest {
  switch (prompt.kind) {
    case "text":
      return digestOfJson({ kind: prompt.kind, text: prompt.text });
    case "tokens":
      return digestOfJson({ kind: prompt.kind, tokenIds: [...prompt.tokenIds] });
    case "messages":
      return digestOfJson({
        kind: prompt.kind,
        messages: prompt.messages.map(({ role, content }) => ({ role, content })),
      });
  }
}

/** Every sampling field of a case, whether given or neutral, and the engine's own. */
export function samplingRecord({ sampling }: Case): { [name: string]: Json } {
  const { params, extra } = sampling;
  return { ...params, stop: [...params.stop], stop_token_ids: [...params.stop_token_ids], ...extra };
}

/** Digest of all that can change the output of one case. */
export function caseContract(suite: Suite, item: Case): Digest {
  return digestOfJson({
    version: contractVersion,
    shared: sharedContract(suite),
    prompt: promptDigest(item.prompt),
    sampling: samplingRecord(item),
  });
}
