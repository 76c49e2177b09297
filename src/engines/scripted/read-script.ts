/** A script read from YAML or JSON, with every mistake at its line and column. */
import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { scriptInvalid } from "../../messages/engines-script.ts";
import type { Problem, SourceLocation } from "../../model/problem.ts";
import { type Script, scriptSchema } from "./script-schema.ts";

export type ReadScript =
  | { readonly kind: "script"; readonly script: Script; readonly location: SourceLocation }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** `file` is only shown. */
export function readScript(text: string, file: string): ReadScript {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const invalid = (offset: number, where: string, issue: string) =>
    scriptInvalid({ location: at(offset), where, issue });
  if (document.errors.length > 0)
    return { kind: "invalid", problems: document.errors.map((error) => invalid(error.pos[0], "", error.message)) };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { kind: "invalid", problems: [invalid(0, "", error instanceof Error ? error.message : String(error))] };
  }
  const parsed = scriptSchema.safeParse(value);
  if (parsed.success) return { kind: "script", script: parsed.data, location: at(0) };
  const problems = parsed.error.issues.flatMap((issue) => {
    const unknown = issue.code === "unrecognized_keys" ? issue.keys : [];
    const paths = unknown.length > 0 ? unknown.map((key) => [...issue.path, key]) : [issue.path];
    return paths.map((path) => {
      const what = unknown.length > 0 ? "no such field" : issue.message;
      return invalid(offsetOf(document.contents, path), path.map(String).join("."), what);
    });
  });
  return { kind: "invalid", problems };
}

/** Of the key of the last step that is there, else of what holds it. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const step of path) {
    const found: unknown = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : isSeq(node)
        ? node.items[Number(step)]
        : undefined;
    const place: unknown = isPair(found) ? found.key : found;
    if (!isNode(place)) break;
    offset = place.range?.[0] ?? offset;
    node = isPair(found) ? found.value : found;
  }
  return offset;
}
