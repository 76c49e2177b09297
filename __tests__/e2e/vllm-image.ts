/** Images that contain vLLM, laid out as its official one: Python's packages below /usr/local/lib, a working directory, an entry point of vLLM's own. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { type Digest, parseDigest, shortDigest } from "../../src/model/digest.ts";
import { type ContainerMachine, debianTree } from "./container-machine.ts";
import { installAside, otherJinja2, type RealVllm, vllmVersion } from "./real-vllm.ts";
import { hasImage, type ImageConfig, type ImagePlace, pushImage, pushLayer } from "./registry-push.ts";

export interface VllmImages {
  /** Such as `127.0.0.1:23456/gate/vllm`; a registry of the test has it. */
  readonly name: string;
  readonly digest: Digest;
  /** What the tag names since the image was built again, with another version of one package. */
  readonly movedDigest: Digest;
  /** The version of that package, jinja2, before and after. */
  readonly jinja2: { readonly from: string; readonly to: string };
}

/** Raised when the images are made in another way. */
const imagesVersion = 1;
const tag = `v${vllmVersion}`;
const packagesInside = "usr/local/lib/python3.11/dist-packages";
/** What vLLM on a CPU loads, and what compiles for it. */
const libraries = ["libnuma1", "g++", "python3-dev"];

/** As vLLM's Dockerfile has it since October 2025: https://github.com/vllm-project/vllm/blob/main/docker/Dockerfile */
const config = (build: string): ImageConfig => ({
  Entrypoint: ["vllm", "serve"],
  Env: [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "VLLM_USAGE_SOURCE=production-docker-image",
  ],
  WorkingDir: "/vllm-workspace",
  Labels: { build },
});
const entryPoint = `#!/usr/bin/python3
import sys
from vllm.entrypoints.cli.main import main
sys.exit(main())
`;

const digest = z
  .string()
  .transform(parseDigest)
  .pipe(z.custom<Digest>((value) => value !== null));
const noted = z.strictObject({
  digest,
  movedDigest: digest,
  jinja2: z.strictObject({ from: z.string(), to: z.string() }),
});
type Noted = z.infer<typeof noted>;

/** About 7 GB in the registry and as much in docker's store, made once a machine; a few seconds after that. */
export async function vllmImages(machine: ContainerMachine, vllm: RealVllm): Promise<VllmImages> {
  const place = { registry: machine.registry, name: "gate/vllm" };
  const note = join(machine.folder, `vllm-${vllmVersion}-images-${imagesVersion}.json`);
  const known = existsSync(note) ? noted.parse(JSON.parse(readFileSync(note, "utf8"))) : null;
  const images =
    known !== null && (await hasImage(place, known.movedDigest)) ? known : await build(place, machine, vllm);
  writeFileSync(note, JSON.stringify(images));
  const name = `${place.registry}/${place.name}`;
  for (const one of [images.digest, images.movedDigest]) machine.atStop(async () => keepLayers(name, one));
  return { name, ...images };
}

async function build(place: ImagePlace, machine: ContainerMachine, vllm: RealVllm): Promise<Noted> {
  process.stderr.write(`making an image with vLLM ${vllmVersion} (once a machine)\n`);
  const scratch = mkdtempSync(join(tmpdir(), "gate-vllm-image-"));
  try {
    const packages = join(vllm.venv, "lib", "python3.11", "site-packages");
    const installed = versionOf(packages, "jinja2");
    write(join(scratch, "own", "usr/local/bin/vllm"), entryPoint, 0o755);
    mkdirSync(join(scratch, "own", "vllm-workspace"));
    const moved = join(scratch, "moved", packagesInside);
    installAside(vllm.python, moved, [`jinja2==${otherJinja2}`]);
    // How a layer says that a folder of the layers below is gone.
    write(join(moved, `.wh.jinja2-${installed}.dist-info`), "");
    const layers = [
      await pushLayer(place, createReadStream(debianTree(machine.folder, libraries))),
      await pushLayer(place, tarOf(packages, `s,^\\.,${packagesInside},S`)),
      await pushLayer(place, tarOf(join(scratch, "own"))),
    ];
    const first = await pushImage(place, tag, layers, config("first"));
    const change = await pushLayer(place, tarOf(join(scratch, "moved")));
    const second = await pushImage(place, tag, [...layers, change], config("second"));
    return { digest: first, movedDigest: second, jinja2: { from: installed, to: versionOf(moved, "jinja2") } };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A folder as a tar stream, owned by root; times are kept, since compiled modules are believed by them. */
async function* tarOf(folder: string, transform?: string): AsyncGenerator<Buffer> {
  const words = ["--create", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--directory", folder];
  const tar = spawn("tar", [...words, ...(transform === undefined ? [] : ["--transform", transform]), "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(tar, "exit");
  yield* tar.stdout;
  const [code] = await ended;
  if (code !== 0) throw new Error(`tar of ${folder} ended with ${code}`);
}

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
}

function versionOf(packages: string, name: string): string {
  const found = readdirSync(packages).find((entry) => entry.startsWith(`${name}-`) && entry.endsWith(".dist-info"));
  if (found === undefined) throw new Error(`${packages} has no ${name}`);
  return found.slice(name.length + 1, -".dist-info".length);
}

/** Under a name without the registry's port docker keeps what it unpacked for the next run. */
function keepLayers(name: string, digest: Digest): void {
  const quiet = { stdio: "ignore", timeout: 120_000 } as const;
  spawnSync("docker", ["tag", `${name}@${digest}`, `inference-gate-test-vllm:${shortDigest(digest)}`], quiet);
  spawnSync("docker", ["image", "rm", `${name}@${digest}`], quiet);
}
