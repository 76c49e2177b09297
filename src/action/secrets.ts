/** Secrets that this process can see, and how they are kept out of everything it shows or leaves behind. */
import type { Files } from "../platform/files.ts";

const secretName = /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|API_?KEY|PRIVATE_KEY|ACCESS_KEY)(?:_|$)/i;
/** Shorter values are words that stand in ordinary text. */
const shortest = 8;
const mask = "***";

type Environment = { readonly [name: string]: string | undefined };

/** Values of variables that are named like secrets, and the token; each also as it stands inside of a JSON text. Longest first. */
export function secretsIn(env: Environment, token: string): readonly string[] {
  const values = Object.entries(env).flatMap(([name, value]) =>
    secretName.test(name) && value !== undefined ? [value] : [],
  );
  const written = [token, ...values].flatMap((value) => [value, ...value.split(/\r?\n/)]);
  const forms = written.map((value) => value.trim()).flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
  return [...new Set(forms)].filter((value) => value.length >= shortest).sort((a, b) => b.length - a.length);
}

/** The text with every secret replaced by `***`. */
export function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((safe, secret) => safe.replaceAll(secret, mask), text);
}

/** Files whose writes are masked; bytes are taken as UTF-8. */
export function maskingFiles(files: Files, secrets: readonly string[]): Files {
  return {
    ...files,
    writeAtomic: (path, data) => {
      const text = typeof data === "string" ? data : Buffer.from(data).toString("utf8");
      const safe = masked(text, secrets);
      return files.writeAtomic(path, safe === text ? data : safe);
    },
  };
}
