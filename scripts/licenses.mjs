// Collects the licence of every package that went into a bundle, from esbuild's metafile.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Licences that ask for no more than their text beside the copy. */
export const allowedLicenses = ["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0"];

/** Folders of the packages among a metafile's inputs, such as `node_modules/@scope/name`, sorted. */
export function packageFolders(inputs) {
  const folders = new Set();
  for (const path of inputs) {
    const start = path.lastIndexOf("node_modules/");
    if (start === -1) continue;
    const words = path.slice(start + "node_modules/".length).split("/");
    const name = words.slice(0, words[0].startsWith("@") ? 2 : 1).join("/");
    folders.add(`${path.slice(0, start)}node_modules/${name}`);
  }
  return [...folders].sort();
}

/** The text of THIRD-PARTY-LICENSES.txt. Throws with every package whose licence is not allowed or not there. */
export function licenseText(root, inputs) {
  const faults = [];
  const parts = packageFolders(inputs).map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder)).find((entry) => /^(?:licen[cs]e|copying)(?:[.-].*)?$/i.test(entry));
    if (!allowedLicenses.includes(license)) faults.push(`${name} ${version}: licence ${license} is not allowed`);
    if (file === undefined) faults.push(`${name} ${version}: no licence file in ${folder}`);
    const text = file === undefined ? "" : readFileSync(join(root, folder, file), "utf8");
    return `${name} ${version} (${license})\n\n${text.replaceAll("\r\n", "\n").trim()}\n`;
  });
  if (faults.length > 0) throw new Error(`Cannot bundle:\n${faults.join("\n")}`);
  const line = `\n${"-".repeat(78)}\n\n`;
  return ["The bundles in this folder contain the packages below, under their own licences.\n", ...parts].join(line);
}
