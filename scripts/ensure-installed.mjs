// Installs the locked dependencies when a fresh clone has none or an outdated set, so that one command is enough.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  console.error(`Node ${process.versions.node} is too old: Inference Gate needs Node 20.12 or newer.`);
  process.exit(2);
}
const stampFile = "node_modules/.inference-gate-lock";
const wanted = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
const have = existsSync(stampFile) ? readFileSync(stampFile, "utf8") : "";
if (have !== wanted) {
  console.error("Installing the locked dependencies (npm ci) …");
  const done = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (done.status !== 0) {
    console.error("npm ci failed: read its message above, mend it and try again.");
    process.exit(done.status ?? 1);
  }
  writeFileSync(stampFile, wanted);
}
