/** What the laws look at in a source file, read from its syntax tree. */
import { parseSync } from "@swc/core";

export interface SourceFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Syntax {
  /** Specifiers of every import, re-export, dynamic import and type import. */
  readonly imports: readonly string[];
  /** Names used as free values, such as `process`, and members such as `Date.now`; `new Date()` without arguments is `Date.now`. */
  readonly names: ReadonlySet<string>;
}

type Node = { readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;
const textIn = (value: unknown, key: string): string | null =>
  isNode(value) && typeof value[key] === "string" ? value[key] : null;

/** Reads one TypeScript file. Throws where it is no TypeScript. */
export function readSyntax(text: string): Syntax {
  const imports: string[] = [];
  const names = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, key);
      return;
    }
    if (!isNode(value)) return;
    const specifier = importedBy(value);
    if (specifier !== null) imports.push(specifier);
    const name = nameIn(value, key);
    if (name !== null) names.add(name);
    for (const [childKey, child] of Object.entries(value)) if (childKey !== "span") visit(child, childKey);
  };
  visit(parseSync(text, { syntax: "typescript", target: "es2023" }), "");
  return { imports, names };
}

function importedBy(node: Node): string | null {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return textIn(node.source, "value");
    case "TsImportType":
      return textIn(node.argument, "value");
    case "CallExpression": {
      if (!isNode(node.callee) || node.callee.type !== "Import") return null;
      const [first] = Array.isArray(node.arguments) ? node.arguments : [];
      return isNode(first) ? (textIn(first.expression, "value") ?? "(computed)") : "(computed)";
    }
    default:
      return null;
  }
}

/** Places where an identifier is a label, not a value. */
const labels = ["property", "key", "label", "typeName", "params", "id", "local", "imported", "orig", "exported"];

function nameIn(node: Node, key: string): string | null {
  if (node.type === "Identifier" && !labels.includes(key)) return textIn(node, "value");
  if (node.type === "MetaProperty") return "import.meta";
  if (node.type === "MemberExpression") {
    const [object, property] = [textIn(node.object, "value"), textIn(node.property, "value")];
    return object !== null && property !== null ? `${object}.${property}` : null;
  }
  if (node.type === "NewExpression" && textIn(node.callee, "value") === "Date") {
    return Array.isArray(node.arguments) && node.arguments.length > 0 ? null : "Date.now";
  }
  return null;
}
