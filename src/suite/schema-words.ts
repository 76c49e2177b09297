/** Building blocks of the schemas; the error text of each is the phrase for what was expected. */
import { z } from "zod";

/** A text that is not empty. */
export const text = (expected: string) => z.string(expected).min(1, expected);

/** One of a fixed set of names. */
export const oneOf = <const Names extends readonly string[]>(names: Names) =>
  z.enum(names, `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`);
