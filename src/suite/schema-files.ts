/** Names of the published schemas, and where a file of ours finds the one that describes it. */

/** Name of a schema: a name and no address, so that it holds wherever the schema is kept. */
export const suiteSchemaName = "urn:inference-gate:suite:1";
export const lockSchemaName = "urn:inference-gate:lock:1";

/** Beside the suite; `init` writes the schemas there, so that an editor finds them without a network. */
export const schemaFiles = {
  suite: "schemas/suite.schema.json",
  lock: "schemas/lock.schema.json",
} as const;

/** First line of a YAML file of ours; the YAML extensions of editors read it. */
export const schemaLine = (kind: keyof typeof schemaFiles) => `# yaml-language-server: $schema=${schemaFiles[kind]}`;
