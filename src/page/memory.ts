/** What a reader chose, kept for the next page. A browser may refuse storage to a page from a file: then a choice lasts as long as its page. */
const prefix = "inference-gate-";

/** Null for what was never chosen, or cannot be told. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // The choice holds all the same, until the page is closed.
  }
}
