/** A reader for the plain XML that nvidia-smi prints: elements and text; attributes, comments and declarations are passed over. */

export interface XmlElement {
  readonly name: string;
  /** Text directly inside, trimmed. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

const piece = /<!--[\s\S]*?-->|<[?!][^>]*>|<(\/?)([A-Za-z_][\w.-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>|[^<]+/gy;
const maxDepth = 64;

/** The root element, or null when the text is no whole, well-formed document of at most 64 levels. */
export function parseXml(document: string): XmlElement | null {
  const open: OpenElement[] = [];
  let root: XmlElement | null = null;
  let end = 0;
  for (const match of document.matchAll(piece)) {
    end = match.index + match[0].length;
    const [whole, slash, name, attributes = ""] = match;
    const parent = open.at(-1);
    if (name === undefined) {
      if (!whole.startsWith("<")) {
        if (parent !== undefined) parent.text += unescaped(whole);
        else if (whole.trim() !== "") return null;
      }
      continue;
    }
    if (slash === "" && !attributes.endsWith("/")) {
      if (root !== null || open.length === maxDepth) return null;
      open.push({ name, text: "", children: [] });
      continue;
    }
    const closed = slash === "/" ? open.pop() : { name, text: "", children: [] };
    if (closed?.name !== name || root !== null) return null;
    const element = { name, text: closed.text.trim(), children: closed.children };
    const outer = open.at(-1);
    if (outer === undefined) root = element;
    else outer.children.push(element);
  }
  return end === document.length && open.length === 0 ? root : null;
}

/** The element reached by going down by these names, the first of each; null when there is none. */
export function descend(from: XmlElement, ...names: readonly string[]): XmlElement | null {
  let at: XmlElement | undefined = from;
  for (const name of names) at = at?.children.find((child) => child.name === name);
  return at ?? null;
}

const entities: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

function unescaped(text: string): string {
  return text.replace(/&([a-z]+);/g, (whole, name: string) => entities.get(name) ?? whole);
}
