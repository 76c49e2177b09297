// Collects the licence of every package that went into a bundle, from esbuild's metafile.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Licences that ask for no more than their text beside the copy. */
export const allowedLicenses = ["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0"];

/** Some packages name the MIT licence and forget its file: these are its words, with the author whom the package names, if it names one. */
const mit = (author) => `MIT License

Copyright (c) ${author}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.`;

/** True when every licence of an expression such as `(Apache-2.0 AND BSD-3-Clause)` is allowed. */
const isAllowed = (license) =>
  typeof license === "string" &&
  license
    .replace(/^\((.*)\)$/, "$1")
    .split(" AND ")
    .every((one) => allowedLicenses.includes(one));

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
    const { name, version, license, author } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder)).find((entry) => /^(?:licen[cs]e|copying)(?:[.-].*)?$/i.test(entry));
    if (!isAllowed(license)) faults.push(`${name} ${version}: licence ${license} is not allowed`);
    const holder = (typeof author === "string" ? author : author?.name) ?? `the authors of ${name}`;
    if (file === undefined && license !== "MIT") faults.push(`${name} ${version}: no licence file in ${folder}`);
    const text = file === undefined ? mit(holder) : readFileSync(join(root, folder, file), "utf8");
    return `${name} ${version} (${license})\n\n${text.replaceAll("\r\n", "\n").trim()}\n`;
  });
  if (faults.length > 0) throw new Error(`Cannot bundle:\n${faults.join("\n")}`);
  const line = `\n${"-".repeat(78)}\n\n`;
  return ["The bundles in this folder contain the packages below, under their own licences.\n", ...parts].join(line);
}
