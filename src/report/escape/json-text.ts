/** JSON in which nothing is hidden and no build server sees a command, with every character kept. */

/** Controls, formats, lone surrogates, separators and all else that a reader may not see. */
const unseen = /(?![ \n])[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** `##[group]`, `##vso[…]`: a bracket of JSON itself never follows a word. */
const commandAnywhere = /##(\w*)\[/g;

/** The value as indented JSON, ending in a line feed; unseen characters and build servers' commands are escaped, losslessly. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(unseen, escaped).replace(commandAnywhere, "##$1\\u005b");
  return `${text}\n`;
}

const escaped = (character: string) =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
