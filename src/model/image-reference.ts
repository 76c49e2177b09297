/** The reference to a container image: a name, and the digest that fixes its content. */
import { type Digest, parseDigest } from "./digest.ts";

export interface ImageReference {
  /** Registry and repository, without a tag: beside a digest a tag would mean nothing. */
  readonly name: string;
  readonly digest: Digest;
}

export type ReadImage =
  | { readonly kind: "locked"; readonly image: ImageReference }
  /** A name, perhaps with a tag, that may mean another image tomorrow. */
  | { readonly kind: "unlocked"; readonly tagged: string }
  | { readonly kind: "invalid"; readonly reason: string };

// https://github.com/distribution/reference: a first part with a dot, a port or `localhost` is a registry; the others are lower case.
const part = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const host = "(?:localhost|[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9-]+(?=:))(?::[0-9]{1,5})?";
const namePattern = new RegExp(`^(?:${host}/)?${part}(?:/${part})*$`);
const tagPattern = /:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** Reads `name@sha256:…` or `name:tag@sha256:…`; says what is wrong with anything else. */
export function readImage(text: string): ReadImage {
  if (parseDigest(text) !== null) return { kind: "invalid", reason: "the name before the digest is missing" };
  const at = text.indexOf("@");
  const tagged = at < 0 ? text : text.slice(0, at);
  // A colon before the last slash belongs to the registry's port.
  const name = tagged.replace(tagPattern, (tag, offset: number) => (tagged.indexOf("/", offset) < 0 ? "" : tag));
  if (name.length > 255 || !namePattern.test(name))
    return { kind: "invalid", reason: "the part before `@` is no name of an image" };
  if (at < 0) return { kind: "unlocked", tagged };
  const digest = parseDigest(text.slice(at + 1));
  if (digest === null)
    return { kind: "invalid", reason: "what stands after `@` is not `sha256:` and 64 lower-case hexadecimal digits" };
  return { kind: "locked", image: { name, digest } };
}

/** As the commands of docker and podman take it. */
export function imageWord({ name, digest }: ImageReference): string {
  return `${name}@${digest}`;
}
