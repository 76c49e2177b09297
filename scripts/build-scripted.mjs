// Bundles the program of the scripted engine, which runs as a process of its own.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Writes the bundle to `outfile`; `overrides` are further esbuild options. */
export function buildScriptedEngine(outfile = resolve(root, "dist/scripted-engine.mjs"), overrides = {}) {
  return build({
    entryPoints: [resolve(root, "src/engines/scripted/program.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    // yaml is CommonJS inside and asks for `process` and `buffer`.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    ...overrides,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildScriptedEngine(process.argv[2]);
