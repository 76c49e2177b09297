/** Every file of the repository that is derived from the code, as text. */
import { replyLineSchema, requestLineSchema } from "../src/engines/protocols/json-lines-messages.ts";
import { goldenFileSchema, goldenSchemaName } from "../src/goldens/golden-schema.ts";
import { reportSchema } from "../src/report/report.ts";
import { jsonSchemaOf, lockJsonSchema, schemaText, suiteJsonSchema } from "../src/suite/json-schemas.ts";
import { actionReference } from "./action-reference.ts";
import { pageProgram } from "./page-program.ts";
import { suiteReference } from "./suite-reference.ts";

export interface GeneratedFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** In a fixed order; two runs give the same texts. */
export function generatedFiles(): readonly GeneratedFile[] {
  const golden = jsonSchemaOf(goldenFileSchema, goldenSchemaName, "Inference Gate golden");
  const report = jsonSchemaOf(reportSchema, "urn:inference-gate:report:1", "Inference Gate report");
  const request = jsonSchemaOf(
    requestLineSchema,
    "urn:inference-gate:engine-request:1",
    "Engine protocol: a line from the gate to the program",
  );
  const reply = jsonSchemaOf(
    replyLineSchema,
    "urn:inference-gate:engine-reply:1",
    "Engine protocol: a line from the program to the gate",
  );
  return [
    { path: "schemas/suite.schema.json", text: schemaText(suiteJsonSchema()) },
    { path: "schemas/lock.schema.json", text: schemaText(lockJsonSchema()) },
    { path: "schemas/golden.schema.json", text: schemaText(golden) },
    { path: "schemas/report.schema.json", text: schemaText(report) },
    { path: "schemas/engine-request.schema.json", text: schemaText(request) },
    { path: "schemas/engine-reply.schema.json", text: schemaText(reply) },
    { path: "docs/action.md", text: actionReference() },
    { path: "docs/suite.md", text: suiteReference() },
    { path: "src/report/html/page-program.ts", text: pageProgram() },
  ];
}
