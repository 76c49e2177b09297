// One self-contained ESM file per face, with identical bytes wherever and whenever it is built.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { licenseText } from "./licenses.mjs";

/** The faces: file in `dist/` and its entry. */
export const faces = [
  { file: "inference-gate.mjs", entry: "src/cli/main.ts" },
  { file: "action.mjs", entry: "src/action/main.ts" },
  { file: "scripted-engine.mjs", entry: "src/engines/scripted/program.ts" },
  { file: "cache-service.mjs", entry: "src/github/cache-program.ts" },
  { file: "octokit.mjs", entry: "src/github/octokit.ts" },
];

// Bundled CommonJS packages ask for Node's own modules with `require`, which an ES module does not have.
const head = [
  'import { createRequire as createRequireForBundle } from "node:module";',
  "const require = createRequireForBundle(import.meta.url);",
];

/** A module that is a face of its own and is imported late stays beside the face that imports it. */
const besideIt = {
  name: "beside-it",
  setup(building) {
    building.onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== "dynamic-import") return null;
      const face = faces.find(({ entry }) => join(resolveDir, path).endsWith(`/${entry}`));
      return face === undefined ? null : { path: `./${face.file}`, external: true };
    });
  },
};

/** Leaves zod's messages in fifty languages out: none but English is ever asked for, and they are two fifths of zod. */
const englishOnly = {
  name: "english-only",
  setup(building) {
    building.onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, (request) =>
      request.importer.includes("/zod/") ? { path: "zod-locales", namespace: "english-only" } : null,
    );
    building.onLoad({ filter: /.*/, namespace: "english-only" }, () => ({ contents: "export {};" }));
  },
};

/** Leaves out what @huggingface/hub cuts uploads with: nothing is ever uploaded. */
const noUploads = {
  name: "no-uploads",
  setup(building) {
    building.onResolve({ filter: /^@huggingface\/xetchunk-wasm$/ }, () => ({
      path: "xetchunk-wasm",
      namespace: "no-uploads",
    }));
    building.onLoad({ filter: /.*/, namespace: "no-uploads" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** Builds all faces of the clone at `root` into `folder` and returns their sizes in bytes. Stale files of earlier builds are removed. */
export async function bundle(root, folder, chosen = faces) {
  const inputs = new Set();
  const written = ["THIRD-PARTY-LICENSES.txt"];
  mkdirSync(folder, { recursive: true });
  for (const { file, entry } of chosen) {
    const result = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: join(root, "dist", file),
      write: false,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20.12",
      banner: { js: [...shebangUnlessIn(join(root, entry)), ...head].join("\n") },
      sourcemap: "linked",
      sourcesContent: false,
      legalComments: "none",
      charset: "utf8",
      metafile: true,
      logLevel: "warning",
      plugins: [englishOnly, noUploads, besideIt],
    });
    for (const output of Object.values(result.metafile.outputs)) {
      for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) if (bytesInOutput > 0) inputs.add(path);
    }
    for (const output of result.outputFiles) {
      const name = output.path.endsWith(".map") ? `${file}.map` : file;
      writeFileSync(join(folder, name), output.text);
      written.push(name);
    }
    chmodSync(join(folder, file), 0o755);
  }
  writeFileSync(join(folder, "THIRD-PARTY-LICENSES.txt"), licenseText(root, [...inputs].sort()));
  for (const name of readdirSync(folder)) if (!written.includes(name)) rmSync(join(folder, name), { recursive: true });
  refuseOwnPath(root, folder, written);
  return chosen.map(({ file }) => ({ file, bytes: statSync(join(folder, file)).size }));
}

/** esbuild keeps an entry's own shebang; a second one would be a syntax error. */
function shebangUnlessIn(entry) {
  return readFileSync(entry, "utf8").startsWith("#!") ? [] : ["#!/usr/bin/env node"];
}

function refuseOwnPath(root, folder, names) {
  const telling = names.filter((name) => readFileSync(join(folder, name), "utf8").includes(root));
  if (telling.length > 0) throw new Error(`The path of this clone is in ${telling.join(", ")}`);
}
