/** What the page carries: the report as JSON, and the answers of each case in a block of its own that is opened when it is looked at. */
import { type ShownCase, unpackCase } from "../report/html/unpack-case.ts";
import type { Report } from "../report/report.ts";

export interface PageData {
  readonly report: Report;
  readonly nearTieNats: number;
  readonly provenance: readonly { readonly label: string; readonly value: string }[];
  /** Cases whose answers the page does not carry because it would grow too large. */
  readonly leftOut: number;
}

/** Throws SyntaxError for a page that was cut off. */
export function readPageData(): PageData {
  return JSON.parse(document.getElementById("report")?.textContent ?? "");
}

/** The answers of the case at this place in the report; null when the page carries none of it. */
export async function readCase(index: number): Promise<ShownCase | null> {
  await wholePage();
  const base64 = document.getElementById(`case-${index}`)?.textContent?.trim() ?? "";
  return base64 === "" ? null : unpackCase(await inflated(base64));
}

/** Blocks come after the script, so that the first screen does not wait for them. */
function wholePage(): Promise<void> {
  if (document.readyState !== "loading") return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("DOMContentLoaded", () => resolve(), { once: true }));
}

async function inflated(base64: string): Promise<Uint8Array> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
