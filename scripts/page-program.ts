/** Bundles the browser's part of the HTML report into a module of texts, with the digests that its security policy names. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { buildSync, transformSync } from "esbuild";

/** `src/report/html/page-program.ts`. Throws when the program could end its own element. */
export function pageProgram(): string {
  const built = buildSync({
    entryPoints: ["src/page/main.ts"],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    target: ["chrome109", "firefox115", "safari16.4"],
    charset: "ascii",
    legalComments: "none",
    logLevel: "silent",
  });
  const script = (built.outputFiles[0]?.text ?? "").trim();
  const style = transformSync(readFileSync("src/page/page.css", "utf8"), { loader: "css", minify: true }).code.trim();
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style))
    throw new Error("the page's program would end its element");
  const hash = (text: string) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
  return `${[
    "/** The browser's part of the HTML report, made from `src/page/` by `npm run generate`. */",
    "",
    `export const pageScript = ${JSON.stringify(script)};`,
    `export const pageScriptHash = ${JSON.stringify(hash(script))};`,
    `export const pageStyle = ${JSON.stringify(style)};`,
    `export const pageStyleHash = ${JSON.stringify(hash(style))};`,
  ].join("\n")}\n`;
}
