/** What the last lines of an engine's log say by themselves, in words of advice. */

const signs: readonly (readonly [RegExp, (found: string) => string])[] = [
  [
    /error while loading shared libraries: ([^\s:]+)/,
    (library) =>
      `The library ${library} is missing where the engine runs: install the package that brings it, in a container into the image.`,
  ],
  [
    /(?:OSError|ImportError): ([^\s:]+\.so[^\s:]*): cannot open shared object file/,
    (library) =>
      `The library ${library} is missing where the engine runs: install the package that brings it, in a container into the image.`,
  ],
  [
    /Read-only file system: '([^'\n]+)'/,
    (path) =>
      `The engine wanted to write to ${path}, which is read-only in a container: name its folder under container.tmpfs, or set container.read_only to false.`,
  ],
  [
    /Permission denied: '(\/gate\/[^'\n]+)'/,
    (path) =>
      `The engine may not read ${path}: without capabilities even root inside reads only what everybody may; set container.user to host, or open the file to all.`,
  ],
  [
    /No space left on device.*?(\/dev\/shm\S*)|(\/dev\/shm\S*).*?No space left on device|Insufficient space in (\/dev\/shm)/,
    () => "/dev/shm is full: several GPUs need more; set container.shm_size to such as 16g.",
  ],
];

/** One line for each sign, in the order of how sure they are; empty for a log that says none of it. */
export function logAdvice(logTail: readonly string[]): readonly string[] {
  const text = logTail.join("\n");
  const advice = signs.flatMap(([sign, words]) => {
    const found = sign.exec(text);
    // What comes from a log is foreign: one line, and not for ever long.
    return found === null ? [] : [words(JSON.stringify((found[1] ?? "").slice(0, 200)).slice(1, -1))];
  });
  return [...new Set(advice)];
}
