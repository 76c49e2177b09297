/** Hostile text made safe for XML 1.0: in the content of an element and between the quotes of an attribute. */
import { visibleText } from "./terminal-text.ts";

const entities: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Legal to JavaScript and to nobody else: XML forbids the last two code points of its first plane. */
const forbidden = /[\ufffe\uffff]/g;

/** What a runner would obey where the file is printed into its log; a reader of XML gets every character back. */
const commandAnywhere = /##(\w*)\[/g;
const commandAtStart = /^(\s*):(?=:)/;

/** The text on one line: what XML forbids or a reader cannot see is shown as `␛` or `\u{202e}`, markup is escaped. */
export function xmlText(text: string): string {
  const legal = visibleText(text).replace(forbidden, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
  return legal
    .replace(/[&<>"']/g, (character) => entities[character] ?? "")
    .replace(commandAnywhere, "##$1&#91;")
    .replace(commandAtStart, "$1&#58;");
}
