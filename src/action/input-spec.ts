/** How an input of the action is described: what it takes, what it is without being given, and what it means. */
import type { z } from "zod";

export interface InputSpec<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** As in `action.yml`; an empty text given is the same as nothing given. */
  readonly fallback: string;
  /** Completes "expected …" and stands in the documentation. */
  readonly takes: string;
  /** Sentences for `action.yml` and the documentation. */
  readonly description: string;
}

export const input = <Schema extends z.ZodType>(
  schema: Schema,
  fallback: string,
  takes: string,
  description: string,
): InputSpec<Schema> => ({ schema, fallback, takes, description });

/** Such as `a, b or c`. */
export const names = (words: readonly string[]) => `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
