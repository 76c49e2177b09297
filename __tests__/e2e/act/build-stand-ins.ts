/** Bundles the stand-ins with GitHub's own toolkit; they are named by the commits that action.yml and the examples pin. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const sources = join("__tests__", "e2e", "act", "stand-ins");
const names = ["github-script", "upload-artifact", "checkout"] as const;
const pinning = ["action.yml", join("examples", "publish-from-fork.yml")];

const program = `
import { build } from "esbuild";
const [entry, outfile] = process.argv.slice(1);
const head = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", banner: { js: head }, logLevel: "error" });
`;

/** Folders by `actions/<name>@<commit>`, each commit as it is pinned. */
export function buildStandIns(folder: string): { readonly [reference: string]: string } {
  return Object.fromEntries(
    names.map((name) => {
      const target = join(folder, name);
      mkdirSync(target, { recursive: true });
      copyFileSync(join(sources, name, "action.yml"), join(target, "action.yml"));
      const { status, stderr } = spawnSync(
        process.execPath,
        ["--input-type=module", "-e", program, join(sources, name, "main.ts"), join(target, "main.mjs")],
        { encoding: "utf8" },
      );
      if (status !== 0) throw new Error(stderr);
      return [pinned(name), target];
    }),
  );
}

/** As `uses:` has it. */
function pinned(name: string): string {
  const text = pinning.map((file) => readFileSync(file, "utf8")).join("\n");
  const found = new RegExp(`actions/${name}@[0-9a-f]{40}`).exec(text);
  if (found === null) throw new Error(`nothing pins actions/${name}`);
  return found[0];
}
