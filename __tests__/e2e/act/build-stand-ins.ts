/** Bundles the stand-ins with GitHub's own toolkit; the action names them by the commits that action.yml pins. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const sources = join("__tests__", "e2e", "act", "stand-ins");
const names = ["github-script", "upload-artifact"] as const;

const program = `
import { build } from "esbuild";
const [entry, outfile] = process.argv.slice(1);
const head = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", banner: { js: head }, logLevel: "error" });
`;

/** Folders by `actions/<name>@<commit>`, each commit as action.yml has it. */
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
  const found = new RegExp(`actions/${name}@[0-9a-f]{40}`).exec(readFileSync("action.yml", "utf8"));
  if (found === null) throw new Error(`action.yml pins no actions/${name}`);
  return found[0];
}
