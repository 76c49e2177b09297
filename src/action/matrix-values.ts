/** The values of a job in its matrix, as `toJSON(matrix)` gives them. */
import { z } from "zod";

const mapping = z.record(z.string(), z.json());

/** From JSON to values by their names; null outside of a matrix, of which runners say `null` or `{}`. */
export const matrixValues = z.string().transform((json, context) => {
  try {
    const values = mapping.parse(JSON.parse(json) ?? {});
    return Object.keys(values).length === 0 ? null : values;
  } catch {
    context.addIssue("no mapping as JSON");
    return z.NEVER;
  }
});
