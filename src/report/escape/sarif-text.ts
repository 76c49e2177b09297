/** Hostile text made safe for a SARIF message, in which brackets make links and braces take arguments (SARIF 2.1.0, 3.11). */
import { visibleText } from "./terminal-text.ts";

/** The text on one line: nothing unseen, no link, no placeholder. */
export function sarifText(text: string): string {
  return visibleText(text)
    .replace(/[\\[\]]/g, "\\$&")
    .replace(/[{}]/g, "$&$&");
}

/** A path of the report as a URI reference: relative to the root of the repository where it is relative. */
export function sarifUri(path: string): string {
  const parts = path.replaceAll("\\", "/").split("/");
  const encoded = parts.map((part) => encodeURIComponent(visibleText(part))).join("/");
  return path.startsWith("/") ? `file://${encoded}` : encoded.replace(/^\.\//, "");
}
