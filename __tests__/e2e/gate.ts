/** The command line as a user meets it: the real bundle as a child process, in a temporary folder with a state folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildBundles } from "./build-bundles.ts";

export interface Ran {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Both streams, as a log shows them. */
  readonly text: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
}

export interface Place {
  /** The working directory; the suite is in `inference-gate/` below it. */
  readonly folder: string;
  write(path: string, text: string): void;
  read(path: string): string;
  remove(path: string): void;
  /** Everything below a folder by its path, or nothing when there is none. */
  tree(path: string): ReadonlyMap<string, string>;
  run(args: readonly string[], env?: Environment): Promise<Ran>;
  start(args: readonly string[], env?: Environment): Running;
}

type Environment = { readonly [name: string]: string | undefined };

export interface Gate {
  /** Folder of the bundles. */
  readonly dist: string;
  /** An empty folder, or a copy of another one; in a new folder unless one is given. */
  place(from?: Place, folder?: string): Place;
  /** Puts `drivers/` beside the bundle, as in a clone. */
  withDrivers(): void;
  /** Path of the built bundle. */
  readonly program: string;
  remove(): void;
}

/** Bundles the sources as they are into a temporary folder. */
export function buildGate(): Gate {
  const root = mkdtempSync(join(tmpdir(), "gate-e2e-"));
  buildBundles(join(root, "dist"));
  const program = join(root, "dist", "inference-gate.mjs");
  return {
    program,
    dist: join(root, "dist"),
    place(from, folder = mkdtempSync(join(root, "place-"))) {
      if (from !== undefined) cpSync(from.folder, folder, { recursive: true });
      return placeAt(folder, program, mkdtempSync(join(root, "state-")));
    },
    withDrivers: () => cpSync("drivers", join(root, "drivers"), { recursive: true }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function placeAt(folder: string, program: string, state: string): Place {
  const start = (args: readonly string[], env: Environment = {}): Running => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: environment(state, env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { child, ended: ranOf(child) };
  };
  return {
    folder,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    remove: (path) => rmSync(join(folder, path)),
    read: (path) => readFileSync(join(folder, path), "utf8"),
    tree: (path) => filesBelow(join(folder, path)),
    start,
    run: (args, env) => start(args, env).ended,
  };
}

/** Nothing of the machine that runs the tests but where programs are. */
function environment(state: string, env: Environment): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, INFERENCE_GATE_STATE: state, INFERENCE_GATE_CACHE: join(state, "cache"), ...env };
}

function ranOf(child: ChildProcess): Promise<Ran> {
  const chunks: { readonly from: "out" | "err"; readonly bytes: Buffer }[] = [];
  child.stdout?.on("data", (bytes: Buffer) => chunks.push({ from: "out", bytes }));
  child.stderr?.on("data", (bytes: Buffer) => chunks.push({ from: "err", bytes }));
  const textOf = (from: readonly string[]) =>
    Buffer.concat(chunks.filter((chunk) => from.includes(chunk.from)).map(({ bytes }) => bytes)).toString("utf8");
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({ code, out: textOf(["out"]), err: textOf(["err"]), text: textOf(["out", "err"]) }),
    );
  });
}

/** Texts of everything below a folder by its path; nothing when there is no folder. */
export function filesBelow(folder: string): ReadonlyMap<string, string> {
  const entries = readdirOrNothing(folder);
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
      }),
  );
}

function readdirOrNothing(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true });
  } catch {
    return [];
  }
}
