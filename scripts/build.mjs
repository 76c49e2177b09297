// Builds dist/, which is committed: `npm run demo` and the action work from a fresh clone.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
for (const { file, bytes } of await bundle(root, join(root, "dist"))) {
  console.log(`dist/${file}  ${(bytes / 1024).toFixed(0)} KiB`);
}
