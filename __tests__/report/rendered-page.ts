/** Markdown as the page that a reader sees: rendered by a real renderer, then asked what it is made of. */
import { Marked } from "marked";

const renderer = new Marked({ gfm: true });

export interface Page {
  readonly html: string;
  /** Names of its elements, in order. */
  readonly elements: readonly string[];
  /** What is shown outside of code and comments, where GitHub looks for mentions and references. */
  readonly prose: readonly string[];
  /** All that is shown. */
  readonly text: string;
}

export function pageOf(markdown: string): Page {
  const html = renderer.parse(markdown, { async: false });
  const prose = html.replace(/<(code|pre)\b[^>]*>[\s\S]*?<\/\1>/g, "<code>").split(/<[^>]*>/);
  return {
    html,
    elements: [...html.matchAll(/<([a-z][a-z0-9]*)\b/gi)].map(([, name = ""]) => name.toLowerCase()),
    prose: prose.map(decoded),
    text: decoded(html.replace(/<!--[\s\S]*?-->/g, "").replace(/<[^>]*>/g, "")),
  };
}

function decoded(text: string): string {
  const named: { readonly [name: string]: string } = { lt: "<", gt: ">", quot: '"', amp: "&" };
  return text.replace(/&(?:#(\d+)|(lt|gt|quot|amp));/g, (_, code: string | undefined, name = "") =>
    code === undefined ? (named[name] ?? "") : String.fromCodePoint(Number(code)),
  );
}
