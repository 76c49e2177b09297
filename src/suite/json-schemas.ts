/** The JSON Schemas of suite and lock, derived from what the loader itself uses. */
import { z } from "zod";
import { lockSchema } from "./lock-schema.ts";
import { lockSchemaName, suiteSchemaName } from "./schema-files.ts";
import { suiteSchema } from "./suite-schema.ts";

export type JsonSchema = { readonly [keyword: string]: unknown };

/** JSON Schema 2020-12 of a zod schema, as files are written: fields with a default may be left out. */
export function jsonSchemaOf(schema: z.ZodType, name: string, title: string): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-2020-12" });
  return { $schema, $id: name, title, ...rest };
}

export const suiteJsonSchema = (): JsonSchema => jsonSchemaOf(suiteSchema, suiteSchemaName, "Inference Gate suite");
export const lockJsonSchema = (): JsonSchema => jsonSchemaOf(lockSchema, lockSchemaName, "Inference Gate lock");

/** Text of a schema file. */
export const schemaText = (schema: JsonSchema): string => `${JSON.stringify(schema, null, 2)}\n`;
