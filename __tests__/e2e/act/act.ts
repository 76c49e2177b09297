/** Runs the action as a user's workflow does: `action.yml`, the built bundle and a real client, on a scratch repository. */
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { stringify } from "yaml";
import { filesBelow, type Place } from "../gate.ts";
import { actBinary } from "./act-part.ts";
import { buildStandIns } from "./build-stand-ins.ts";

/** One thing that a step told the runner, such as an annotation. */
export interface Told {
  readonly command: string;
  readonly properties: { readonly [name: string]: string };
  readonly message: string;
}

/** What act told of a run, and what was left of it. */
export interface ActRun {
  /** `failure` when any job has failed. */
  readonly conclusion: "success" | "failure";
  /** Errors, warnings and notices of all steps, in order. */
  readonly annotations: readonly Told[];
  /** Titles of the groups in the log. */
  readonly groups: readonly string[];
  /** Markdown of all steps. */
  readonly summary: string;
  /** What the steps printed. */
  readonly log: string;
  /** All that act said, its own lines included; for what must not be seen anywhere. */
  readonly raw: string;
  /** Uploaded files by `<artifact>/<path>`. */
  readonly artifacts: ReadonlyMap<string, string>;
  /** How each job ended, in the order in which they did; a job that was skipped is none. */
  readonly results: readonly string[];
}

/** A run of a workflow that does nothing but use the action. */
export interface WorkflowRun extends ActRun {
  /** Of the step that uses the action, in the first job that came to its end. */
  readonly outputs: { readonly [name: string]: string };
  /** The suite's folder as the job left it. */
  readonly suiteFolder: ReadonlyMap<string, string>;
}

export interface Asked {
  /** What stands under `with:`; by default only that no check run is written, since no GitHub is there. */
  readonly inputs?: { readonly [name: string]: string };
  /** Name and payload; a push by default. */
  readonly event?: { readonly name: string; readonly payload: unknown };
  /** The job's matrix; inputs may name its values as `matrix.<name>` in an expression. */
  readonly matrix?: { readonly [name: string]: readonly unknown[] };
  /** Told of the repository once it is committed, before anything runs. */
  readonly onCommitted?: (folder: string) => void;
  /** Variables of the job. */
  readonly env?: { readonly [name: string]: string };
}

export interface Act {
  /** Folder in which the built action is: `action.yml`, `dist/`, `drivers/`. */
  readonly actionFolder: string;
  /** Runs a workflow with the action on a copy of the place, committed. */
  run(place: Place, asked?: Asked): Promise<WorkflowRun>;
  /** Runs a workflow as it is written, in the same way. Where it names the gate as the examples do, it gets the built one. */
  runWorkflow(place: Place, text: string, asked: Pick<Asked, "event" | "env">): Promise<ActRun>;
  remove(): void;
}

/** How examples name the gate, for a reader to edit. */
const released = `OWNER/inference-gate@${"0".repeat(40)}`;

/** `dist` holds the built bundles. */
export async function openAct(dist: string): Promise<Act> {
  const binary = await actBinary();
  const root = mkdtempSync(join(tmpdir(), "gate-act-"));
  const actionFolder = join(root, "action");
  mkdirSync(actionFolder);
  copyFileSync("action.yml", join(actionFolder, "action.yml"));
  cpSync(dist, join(actionFolder, "dist"), { recursive: true });
  cpSync("drivers", join(actionFolder, "drivers"), { recursive: true });
  const standIns = buildStandIns(join(root, "stand-ins"));
  return {
    actionFolder,
    remove: () => rmSync(root, { recursive: true, force: true }),
    async run(place, asked = {}) {
      const { raw, evidence } = await start(place, workflow(asked), asked);
      return {
        ...withOutputs(read(raw)),
        suiteFolder: filesBelow(join(evidence, "suite")),
        artifacts: artifactsIn(evidence),
      };
    },
    async runWorkflow(place, text, asked) {
      const { raw, evidence } = await start(place, text, asked);
      const { printed: _, ...run } = read(raw);
      return { ...run, artifacts: artifactsIn(evidence) };
    },
  };

  async function start(place: Place, text: string, { event, env, onCommitted }: Asked) {
    const own = mkdtempSync(join(root, "run-"));
    const repository = join(own, "repository");
    const evidence = join(own, "evidence");
    const home = join(own, "home");
    for (const folder of [repository, evidence, home]) mkdirSync(folder);
    cpSync(place.folder, repository, { recursive: true });
    const { name, payload } = event ?? { name: "push", payload: {} };
    mkdirSync(join(repository, ".github", "workflows"), { recursive: true });
    writeFileSync(join(repository, ".github", "workflows", "gate.yml"), text);
    writeFileSync(join(own, "event.json"), JSON.stringify(payload));
    commit(repository);
    onCommitted?.(repository);
    const variables = {
      EVIDENCE: evidence,
      INFERENCE_GATE_STATE: join(own, "state"),
      CHECKOUTS: JSON.stringify({ [released]: actionFolder }),
      ...env,
    };
    const local = { ...standIns, "gate/inference-gate@v1": actionFolder, [released]: actionFolder };
    const argv = [
      ...[name, "--json", "--no-cache-server", "-s", "GITHUB_TOKEN=ghs_scratchTokenOfTheTests"],
      ...["self-hosted", "ubuntu-latest"].flatMap((label) => ["-P", `${label}=-self-hosted`]),
      ...["--eventpath", join(own, "event.json"), "--env-file", "/dev/null", "--secret-file", "/dev/null"],
      ...Object.entries(variables).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
      ...Object.entries(local).flatMap(([key, folder]) => ["--local-repository", `${key}=${folder}`]),
    ];
    return { raw: await output(binary, argv, repository, home), evidence };
  }
}

const artifactsIn = (evidence: string) => filesBelow(join(evidence, "artifacts"));

/** As a workflow has it. */
export const expression = (text: string) => ["$", "{{ ", text, " }}"].join("");

const workflow = ({ inputs = {}, event, matrix }: Asked) =>
  stringify({
    on: [event?.name ?? "push"],
    jobs: {
      gate: {
        "runs-on": "self-hosted",
        ...(matrix === undefined ? {} : { strategy: { "fail-fast": false, matrix } }),
        steps: [
          // act copies the repository by itself for this one.
          { uses: "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8" },
          { id: "gate", uses: "gate/inference-gate@v1", with: { "check-run": "false", ...inputs } },
          {
            if: "always()",
            env: { OUTPUTS: expression("toJSON(steps.gate.outputs)") },
            run: 'printf "OUTPUTS %s\\n" "$(printf %s "$OUTPUTS" | tr -d "\\n")"; cp -r inference-gate "$EVIDENCE/suite" || true',
          },
        ],
      },
    },
  });

function commit(folder: string): void {
  const git = (...words: readonly string[]) => {
    const { status, stderr } = spawnSync("git", ["-c", "user.name=test", "-c", "user.email=test@invalid", ...words], {
      cwd: folder,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
  };
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "A scratch repository");
}

function output(binary: string, argv: readonly string[], cwd: string, home: string): Promise<string> {
  const path = [dirname(process.execPath), process.env.PATH ?? ""].join(delimiter);
  const child = spawn(binary, argv, { cwd, env: { PATH: path, HOME: home }, stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => chunks.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => chunks.push(bytes));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
}

/** act's JSON lines. */
function read(raw: string): Omit<ActRun, "artifacts"> & { readonly printed: readonly string[] } {
  const lines = raw.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
  const printed = lines.filter((line) => line.raw_output === true).map((line) => String(line.msg));
  const of = (...names: readonly string[]) => lines.filter(({ command }) => names.includes(command));
  const results = lines.flatMap(({ jobResult }) => (jobResult === undefined ? [] : [String(jobResult)]));
  return {
    raw,
    printed,
    results,
    conclusion: results.length > 0 && results.every((result) => result === "success") ? "success" : "failure",
    annotations: of("error", "warning", "notice").map((line) => ({
      command: line.command,
      properties: line.kvPairs,
      message: line.arg,
    })),
    groups: of("group").map((line) => line.arg),
    summary: of("summary")
      .map((line) => line.content)
      .join("\n"),
    log: printed.join(""),
  };
}

function withOutputs({ printed, ...run }: ReturnType<typeof read>) {
  const outputs = printed.find((line) => line.startsWith("OUTPUTS "));
  if (outputs === undefined) throw new Error(run.raw);
  return { ...run, outputs: JSON.parse(outputs.slice("OUTPUTS ".length)) };
}
