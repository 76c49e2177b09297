/** A step of `action.yml` as GitHub's runner starts it: the script step's own Node process, with the files that the runner gives to a step. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Place } from "../gate.ts";
import { buildStandIns } from "./build-stand-ins.ts";

export interface Step {
  readonly child: ChildProcess;
  /** Resolves when this stands in what it printed, or when it has ended. */
  said(text: string): Promise<void>;
  /** How it ended, and what it left. */
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly log: string;
    readonly outputs: string;
    readonly summary: string;
  }>;
}

export interface Job {
  /** Starts a step by its name in action.yml. */
  start(name: "Gate" | "Clean up", inputs?: { readonly [name: string]: string }): Step;
}

const action = z
  .object({
    runs: z.object({
      steps: z.array(z.looseObject({ name: z.string(), with: z.looseObject({ script: z.string().optional() }) })),
    }),
  })
  .parse(parse(readFileSync("action.yml", "utf8")));

/** One job on the place, run by `node`; `dist` holds the built bundles. Jobs of one `machine`, a folder, know of each other's launches. */
export function openJob(place: Place, dist: string, node: string, machine?: string): Job {
  // Beside the bundles, so that it goes with them.
  const root = mkdtempSync(join(dirname(dist), "job-"));
  const [script = ""] = Object.values(buildStandIns(join(root, "stand-ins")));
  cpSync(dist, join(root, "action", "dist"), { recursive: true });
  mkdirSync(join(root, "temp"));
  let steps = 0;
  return {
    start(name, inputs = {}) {
      steps += 1;
      const own = (file: string) => join(root, `${steps}-${file}`);
      for (const file of ["output", "summary"]) writeFileSync(own(file), "");
      writeFileSync(own("event.json"), "{}");
      const child = spawn(node, [join(script, "main.mjs")], {
        cwd: place.folder,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: process.env.PATH,
          HOME: root,
          CI: "true",
          GITHUB_ACTIONS: "true",
          GITHUB_ACTION_PATH: join(root, "action"),
          GITHUB_EVENT_NAME: "push",
          GITHUB_EVENT_PATH: own("event.json"),
          GITHUB_OUTPUT: own("output"),
          GITHUB_STEP_SUMMARY: own("summary"),
          GITHUB_WORKSPACE: place.folder,
          RUNNER_TEMP: join(root, "temp"),
          INFERENCE_GATE_INPUTS: JSON.stringify(inputs),
          INFERENCE_GATE_STATE: join(machine ?? root, "state"),
          "INPUT_GITHUB-TOKEN": "ghs_scratchTokenOfTheTests",
          INPUT_SCRIPT: action.runs.steps.find((step) => step.name === name)?.with.script,
        },
      });
      return stepOf(child, own);
    },
  };
}

function stepOf(child: ChildProcess, own: (file: string) => string): Step {
  let log = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (bytes: Buffer) => {
      log += bytes.toString();
      for (const listener of listeners) listener();
    });
  }
  const ended: Step["ended"] = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const read = (file: string) => readFileSync(own(file), "utf8");
      resolve({ code, signal, log, outputs: read("output"), summary: read("summary") });
    });
  });
  return {
    child,
    ended,
    said: (text) =>
      Promise.race([
        ended.then(() => {}),
        new Promise<void>((resolve) => {
          const look = () => {
            if (log.includes(text)) resolve();
          };
          listeners.add(look);
          look();
        }),
      ]),
  };
}

/** What GitHub's runner sends to a cancelled step, to that process only; resolves when it has ended. Tells which signals it took. */
export async function cancel({ child, ended }: Step): Promise<readonly NodeJS.Signals[]> {
  const sent: NodeJS.Signals[] = [];
  const send = (signal: NodeJS.Signals) => {
    sent.push(signal);
    child.kill(signal);
  };
  send("SIGINT");
  const timers = [setTimeout(() => send("SIGTERM"), 7500), setTimeout(() => send("SIGKILL"), 10_000)];
  await ended;
  for (const timer of timers) clearTimeout(timer);
  return sent;
}

/** Ids of living processes of engines that were launched in the place. */
export function enginesOf(place: Place): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^[1-9]\d*$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))) return false;
        if (!readFileSync(`/proc/${pid}/environ`, "latin1").includes("INFERENCE_GATE_LAUNCH=")) return false;
        const words = readFileSync(`/proc/${pid}/cmdline`, "latin1");
        return words.includes(place.folder) || readlinkSync(`/proc/${pid}/cwd`).startsWith(place.folder);
      } catch {
        return false;
      }
    });
}
