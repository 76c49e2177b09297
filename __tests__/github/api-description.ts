/** GitHub's own OpenAPI description of its REST API: which request belongs to which operation, and what is wrong with it or with a reply. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

interface Reference {
  readonly $ref?: string;
}

interface Parameter extends Reference {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: object;
}

interface Content extends Reference {
  readonly content?: { readonly [type: string]: { readonly schema: object } };
}

interface OperationText {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: { readonly [status: string]: Content };
}

interface Description {
  readonly paths: { readonly [path: string]: { readonly [method: string]: OperationText } };
  readonly components: {
    readonly schemas: object;
    readonly examples: { readonly [name: string]: { readonly value: unknown } };
    readonly [part: string]: object;
  };
}

export interface Operation {
  /** Such as `POST /repos/{owner}/{repo}/check-runs`. */
  readonly name: string;
  readonly parameters: { readonly [name: string]: string };
  requestMistakes(query: URLSearchParams, body: unknown): readonly string[];
  replyMistakes(status: number, body: unknown): readonly string[];
}

export interface ApiDescription {
  /** Null when GitHub has no such operation. */
  operation(method: string, path: string): Operation | null;
  /** A copy of the example of that name in the description. */
  example(name: string): Record<string, unknown>;
}

/** Errors that GitHub gives for any operation, whether its description lists them or not; the shape is checked all the same. */
const anywhere: { readonly [status: number]: string } = {
  401: "basic-error",
  403: "basic-error",
  404: "basic-error",
  409: "basic-error",
  422: "validation-error",
  429: "basic-error",
  500: "basic-error",
  502: "basic-error",
  503: "basic-error",
};

let loaded: ApiDescription | null = null;

/** Of api.github.com, from the package `@octokit/openapi`; read once. */
export function apiDescription(): ApiDescription {
  loaded ??= load();
  return loaded;
}

function load(): ApiDescription {
  const file = createRequire(import.meta.url).resolve("@octokit/openapi/generated/api.github.com.json");
  const description: Description = JSON.parse(readFileSync(file, "utf8"), withNull);
  // The description is OpenAPI 3.0: JSON Schema with words that a strict reader does not know.
  const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: true, logger: false, coerceTypes: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "github", components: { schemas: description.components.schemas } });
  // Parameters come as text.
  const texts = new Ajv({ strict: false, validateSchema: false, allErrors: true, logger: false, coerceTypes: true });
  addFormats.default(texts);
  const compiled = new Map<object, ValidateFunction>();
  const mistakes = (schema: object, value: unknown, where: string, reader = ajv): readonly string[] => {
    let validate = compiled.get(schema);
    if (validate === undefined) {
      validate = reader.compile(
        JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"github#/components/')),
      );
      compiled.set(schema, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${where}${error.instancePath} ${error.message ?? "is wrong"}`);
  };
  const resolved = <T extends Reference>(part: T): T => {
    if (part.$ref === undefined) return part;
    const [, , room = "", name = ""] = part.$ref.split("/");
    return Reflect.get(description.components[room] ?? {}, name);
  };
  const patterns = Object.keys(description.paths)
    .map((path) => ({
      path,
      pattern: patternOf(path),
      names: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ""),
    }))
    // A path with fewer places to fill is the more exact one.
    .sort((a, b) => a.names.length - b.names.length);

  return {
    example: (name) => {
      const found = description.components.examples[name];
      if (found === undefined) throw new Error(`the description has no example ${name}`);
      return structuredClone(found.value) as Record<string, unknown>;
    },
    operation(method, requested) {
      for (const { path, pattern, names } of patterns) {
        const match = pattern.exec(requested);
        const operation = description.paths[path]?.[method.toLowerCase()];
        if (match === null || operation === undefined) continue;
        const parameters = Object.fromEntries(
          names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? "")]),
        );
        const declared = (operation.parameters ?? []).map(resolved);
        return {
          name: `${method.toUpperCase()} ${path}`,
          parameters,
          requestMistakes: (query, body) => [
            ...parameterMistakes(declared, parameters, query, (schema, value, where) =>
              mistakes(schema, value, where, texts),
            ),
            ...bodyMistakes(operation.requestBody, body),
          ],
          replyMistakes: (status, body) => replyMistakes(operation, status, body),
        };
      }
      return null;
    },
  };

  function bodyMistakes(content: Content | undefined, body: unknown): readonly string[] {
    const schema = content === undefined ? undefined : resolved(content).content?.["application/json"]?.schema;
    if (schema === undefined) return body === null ? [] : ["the operation takes no body"];
    // GitHub ignores a field that it does not know; here that is a slip of the pen.
    const known = Reflect.get(schema, "properties") ?? {};
    const strange = Object.keys(body ?? {}).filter((name) => !Object.hasOwn(known, name));
    return [...strange.map((name) => `body/${name} is no field of this operation`), ...mistakes(schema, body, "body")];
  }

  function replyMistakes(operation: OperationText, status: number, body: unknown): readonly string[] {
    const declared = operation.responses[String(status)];
    const error = anywhere[status];
    if (declared === undefined && error === undefined) return [`status ${status} is none of ${operation.operationId}`];
    const schema = declared === undefined ? null : resolved(declared).content?.["application/json"]?.schema;
    if (schema != null) return mistakes(schema, body, "reply");
    if (error !== undefined) return mistakes({ $ref: `#/components/schemas/${error}` }, body, "reply");
    return body === null ? [] : ["the reply has a body, and the description has none"];
  }
}

function parameterMistakes(
  declared: readonly Parameter[],
  parameters: { readonly [name: string]: string },
  query: URLSearchParams,
  mistakes: (schema: object, value: unknown, where: string) => readonly string[],
): readonly string[] {
  const found: string[] = [];
  for (const parameter of declared) {
    if (parameter.in === "header") continue;
    const value = parameter.in === "path" ? parameters[parameter.name] : query.get(parameter.name);
    if (value == null) {
      if (parameter.required === true) found.push(`${parameter.in} parameter ${parameter.name} is missing`);
      continue;
    }
    // Wrapped, because a text can only be turned into a number where it is a field.
    const schema = { type: "object", properties: { [parameter.name]: parameter.schema } };
    found.push(...mistakes(schema, { [parameter.name]: value }, parameter.in));
  }
  const names = new Set(declared.filter((one) => one.in === "query").map(({ name }) => name));
  for (const name of query.keys()) if (!names.has(name)) found.push(`query/${name} is no parameter of this operation`);
  return found;
}

/** OpenAPI 3.0 wants null in the list of a value that may be null, and a type beside `nullable`; the description leaves both out. */
function withNull(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("nullable" in value)) return value;
  if (!("type" in value) && value.nullable === true) {
    const { nullable, ...schema } = value;
    return { anyOf: [schema, { type: "null" }] };
  }
  if (!("enum" in value)) return value;
  return Array.isArray(value.enum) && value.nullable === true ? { ...value, enum: [...value.enum, null] } : value;
}

function patternOf(path: string): RegExp {
  const text = path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{ref\}|\{\w+\}/g, "([^/]+)");
  return new RegExp(`^${text}$`);
}
