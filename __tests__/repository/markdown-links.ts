/** Finds the links of Markdown files that lead nowhere inside the repository. */
import { dirname, join, normalize } from "node:path/posix";
import type { SourceFile } from "./source-file.ts";

const fences = /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1[^\n]*$/gm;

/** Anchors of a page's headings, as GitHub derives them. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of text.replace(fences, "").matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const base = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    let anchor = base;
    for (let repeat = 1; anchors.has(anchor); repeat += 1) anchor = `${base}-${repeat}`;
    anchors.add(anchor);
  }
  for (const [, name = ""] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(name);
  return anchors;
}

/** Links such as `docs/a.md: b.md#c` whose file or heading is not there; links to other sites are not followed. */
export function brokenLinks(pages: readonly SourceFile[], paths: ReadonlySet<string>): string[] {
  const texts = new Map(pages.map(({ path, text }) => [path, text]));
  return pages.flatMap(({ path, text }) => {
    const prose = text.replace(fences, "").replace(/`[^`\n]*`/g, "");
    const targets = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].map(([, target = ""]) => target);
    return targets
      .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
      .filter((target) => {
        const [file = "", anchor] = target.split("#");
        const there = file === "" ? path : normalize(join(dirname(path), decodeURIComponent(file))).replace(/\/$/, "");
        const isFolder = [...paths].some((known) => known.startsWith(`${there}/`));
        if (!paths.has(there) && !isFolder) return true;
        const page = texts.get(there);
        return anchor !== undefined && page !== undefined && !anchorsOf(page).has(anchor);
      })
      .map((target) => `${path}: ${target}`);
  });
}
