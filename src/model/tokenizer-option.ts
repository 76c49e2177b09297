/** The tokenizer that engine options name in place of the model's own, in whichever spelling the engine takes. */
import type { Json } from "./json.ts";

export interface TokenizerOption {
  /** As written: a name on the hub, or a path. */
  readonly tokenizer: string | null;
  readonly revision: string | null;
  /** The same options without these two. */
  readonly others: { readonly [name: string]: Json };
}

/** `tokenizer` and `tokenizer_revision`, with `_` or `-` and with or without dashes in front. */
export function tokenizerOption(args: { readonly [name: string]: Json }): TokenizerOption {
  const plain = (name: string) => name.replace(/^-+/, "").replaceAll("-", "_");
  const textOf = (wanted: string) => {
    const value = Object.entries(args).find(([name]) => plain(name) === wanted)?.[1];
    return typeof value === "string" ? value : null;
  };
  const own = ["tokenizer", "tokenizer_revision"];
  return {
    tokenizer: textOf("tokenizer"),
    revision: textOf("tokenizer_revision"),
    others: Object.fromEntries(Object.entries(args).filter(([name]) => !own.includes(plain(name)))),
  };
}

/** A text that begins like a path is one, relative to the suite; any other is a name. */
export const isPathText = (text: string) => /^(?:\/|\.\.?\/)/.test(text);
