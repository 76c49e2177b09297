/** A sha256 digest as it is written everywhere: `sha256:` and 64 lower-case hexadecimal digits. */

declare const digestBrand: unique symbol;
export type Digest = string & { readonly [digestBrand]: true };

export const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** The digest in `text`, or null when it is none. */
export function parseDigest(text: string): Digest | null {
  return digestPattern.test(text) ? (text as Digest) : null;
}

/** The first twelve hexadecimal digits, enough for a person to tell two digests apart. */
export function shortDigest(digest: Digest): string {
  return digest.slice("sha256:".length, "sha256:".length + 12);
}
