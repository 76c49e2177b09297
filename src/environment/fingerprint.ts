/** Measures the environment of a running engine: what it says of itself, the model's files, and the hardware it computes on. */
import { gpuExpected, nvidiaSmiMissing } from "../messages/environment.ts";
import type { Fact, Fingerprint } from "../model/fingerprint.ts";
import type { RunningEngine } from "../model/launch-plan.ts";
import { GateError } from "../model/problem.ts";
import type { EngineFacts } from "../model/request.ts";
import type { Suite } from "../model/suite.ts";
import { attestedFacts, gpusFromBoth, gpusFromInside, tellsGpus } from "./attested-facts.ts";
import { containerGpus } from "./container-gpus.ts";
import { gpuFacts } from "./gpu-facts.ts";
import { type GpuIntent, gpuIntent, gpusInUse } from "./gpu-use.ts";
import { type ComputesOn, hardwareClass } from "./hardware-class.ts";
import type { HostProbes } from "./host-probes.ts";
import { lastingFacts } from "./lasting-facts.ts";

export interface FingerprintInput {
  readonly suite: Suite;
  readonly running: RunningEngine;
  readonly engineFacts: EngineFacts;
  readonly host: HostProbes;
}

/** Throws GateError when a model file cannot be read, or when it cannot be told which GPU the engine uses. */
export async function fingerprint({ suite, running, host, ...told }: FingerprintInput): Promise<Fingerprint> {
  const engineFacts = attestedFacts(told.engineFacts);
  const { computesOn, facts } = await hardware(suite, engineFacts, host);
  // Of two facts with one key the first counts: what we measured, what engine and runtime say, what the suite says.
  const lasting = lastingFacts([
    ...(await fileFacts(suite, host)),
    ...facts,
    ...(computesOn === "cpu" || computesOn === "gpu" ? withoutHardware(engineFacts, computesOn) : engineFacts),
    ...running.facts,
    ...declared(suite),
  ]);
  return { hardwareClass: hardwareClass(computesOn, lasting), facts: lasting };
}

/** GPUs in use are among the measured facts already; those that only could be used are no environment. */
function withoutHardware(facts: readonly Fact[], computesOn: "cpu" | "gpu"): readonly Fact[] {
  const left = computesOn === "cpu" ? /^(?:gpu|driver)\./ : /^gpu\./;
  return facts.filter(({ key }) => !left.test(key));
}

/** A model path is the suite's word for what is served, wherever that is; files of engine options are those of an engine we start. */
async function fileFacts(suite: Suite, host: HostProbes): Promise<readonly Fact[]> {
  const path = suite.model?.path ?? null;
  const isOurs = suite.runtime !== "attached" && suite.engine.name !== "scripted" && suite.engine.name !== "command";
  return [
    ...(path === null ? [] : await host.modelFiles(path)),
    ...(isOurs ? await host.engineFiles(suite.engine, suite.folder) : []),
  ];
}

function declared({ engine, model }: Suite): readonly Fact[] {
  const source = "suite";
  return [
    { key: "engine.name", value: engine.name, source },
    ...(model === null ? [] : [{ key: "model.name", value: model.name, source }]),
    ...(model === null || model.revision === null ? [] : [{ key: "model.revision", value: model.revision, source }]),
  ];
}

interface Hardware {
  readonly computesOn: ComputesOn;
  readonly facts: readonly Fact[];
}

async function hardware(suite: Suite, engineFacts: EngineFacts, host: HostProbes): Promise<Hardware> {
  // This machine is not the server's: its facts would be false there.
  if (suite.runtime === "attached") return { computesOn: "attached", facts: [] };
  const machine = [...(await host.cpu()), ...(await host.host())];
  const given = suite.container === null ? host.visibleGpus : containerGpus(suite.container);
  const visible = suite.engine.env.CUDA_VISIBLE_DEVICES ?? given;
  const intent = gpuIntent(suite.engine, engineFacts, visible);
  if (!isHardwareBound(suite, engineFacts, intent)) return { computesOn: "software", facts: machine };
  const gpus = intent.use === "unused" ? null : await usedGpus({ visible, intent, engineFacts }, host);
  return gpus === null ? { computesOn: "cpu", facts: machine } : { computesOn: "gpu", facts: [...gpus, ...machine] };
}

/** `scripted` answers from a file; a `command` is software too until it says by `engine.device` or `engine.gpu.count` what it computes on. */
function isHardwareBound(suite: Suite, engineFacts: EngineFacts, intent: GpuIntent): boolean {
  if (suite.engine.name === "scripted") return false;
  const saysDevice = engineFacts.some(({ key }) => key === "engine.device" || key === "engine.gpu.count");
  return suite.engine.name !== "command" || saysDevice || intent.use === "used";
}

interface GpuQuestion {
  readonly visible: string | null;
  readonly intent: GpuIntent;
  readonly engineFacts: EngineFacts;
}

/** Facts of the GPUs in use, from the host's tool and from the process that computes; null when there is none and none is expected. */
async function usedGpus(question: GpuQuestion, host: HostProbes): Promise<readonly Fact[] | null> {
  const { visible, intent, engineFacts } = question;
  const probe = await host.gpus();
  if (probe.kind !== "gpus" && tellsGpus(engineFacts)) return gpusFromInside(engineFacts, intent.count);
  if (probe.kind === "problem") throw new GateError([probe.problem]);
  if (probe.kind === "none") {
    if (intent.use === "unsaid") return null;
    throw new GateError([
      probe.installed ? gpuExpected({ why: intent.why, found: probe.reason }) : nvidiaSmiMissing({ why: intent.why }),
    ]);
  }
  const used = gpusInUse(probe.report.gpus, visible, intent.count);
  if (used.length === 0 || used.length < (intent.count ?? 1)) {
    const found = `${used.length} of ${probe.report.gpus.length} GPUs can be used`;
    throw new GateError([gpuExpected({ why: intent.why, found })]);
  }
  return gpusFromBoth(gpuFacts(probe.report, used), engineFacts);
}
