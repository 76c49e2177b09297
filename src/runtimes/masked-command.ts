/** A command line as it may be shown and stored: values of options that hold a secret are masked. */

const secretOption = /^--?(?:[\w-]*[-_])?(?:api[-_]?key|token|secret|password)$/i;
const mask = "***";

/** Words joined by spaces, quoted where a shell would need it. */
export function maskedCommand(argv: readonly string[]): string {
  return argv
    .map((word, index) => {
      if (index > 0 && secretOption.test(argv[index - 1] ?? "")) return mask;
      const equals = word.indexOf("=");
      return equals > 0 && secretOption.test(word.slice(0, equals))
        ? `${word.slice(0, equals + 1)}${mask}`
        : quoted(word);
    })
    .join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./<>-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
