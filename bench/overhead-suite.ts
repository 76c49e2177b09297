/** A recorded suite for a running llama.cpp server, and the bodies that were sent for it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { check } from "../src/commands/check.ts";
import { nodeWorkbench } from "../src/commands/node-workbench.ts";
import { record } from "../src/commands/record.ts";
import type { Workbench } from "../src/commands/workbench.ts";
import { llamaCpp } from "../src/engines/llama-cpp/llama-cpp.ts";
import { props } from "../src/engines/llama-cpp/replies.ts";
import { LlamaCppSession } from "../src/engines/llama-cpp/session.ts";
import type { ProgressEvent } from "../src/model/progress.ts";
import { type Http, nodeHttp } from "../src/platform/http.ts";
import { createProgress, everyUnreferenced } from "../src/progress/progress.ts";
import type { Report } from "../src/report/report.ts";

export interface OverheadSuite {
  /** Each case with the body of its POST /completion, in the order of the suite. */
  readonly cases: readonly { readonly id: string; readonly body: string }[];
  /** Checks one case as the command line does, its status line included. Throws for any other verdict than `match`. */
  check(id: string, onProgress: (event: ProgressEvent) => void): Promise<Report>;
}

/** Writes the suite into the folder and records it. Throws when the engine is unstable. */
export async function recordedSuite(
  folder: string,
  baseUrl: string,
  size: { readonly cases: number; readonly tokens: number },
): Promise<OverheadSuite> {
  const suitePath = join(folder, "suite.yml");
  const ids = Array.from({ length: size.cases }, (_, index) => `case-${String(index).padStart(2, "0")}`);
  await writeFile(suitePath, suiteText(ids, baseUrl, size.tokens));
  const workbench = nodeWorkbench({
    env: { INFERENCE_GATE_CACHE: join(folder, "cache") },
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  const bodies = new Set<string>();
  const transcriptPath = join(folder, "transcript.jsonl");
  const recorded = await record(
    { suitePath, cases: [], mode: "all", reason: null, refusedBy: null, transcriptPath },
    { ...workbench, engines: { ...workbench.engines, "llama-cpp": notingBodies(bodies) } },
  );
  mustMatch(recorded);
  // The warm-up sends what the first case sends.
  if (bodies.size !== ids.length) throw new Error(`${bodies.size} different bodies for ${ids.length} cases`);
  return {
    cases: [...bodies].map((body, index) => ({ id: ids[index] ?? "", body })),
    check: async (id, onProgress) => {
      const look = { kind: "live", width: 100 } as const;
      const progress = createProgress({
        look,
        write: () => {},
        now: () => performance.now(),
        every: everyUnreferenced,
        defects: "hidden",
      });
      const bench: Workbench = {
        ...workbench,
        onProgress: (event) => {
          progress.report(event);
          onProgress(event);
        },
      };
      const report = await check({ suitePath, cases: [id], split: "stop", transcriptPath, resume: null }, bench);
      progress.finish();
      return mustMatch(report);
    },
  };
}

function mustMatch(report: Report): Report {
  if (report.exitCode === 0) return report;
  throw new Error(`${report.verdict}: ${report.problems.map(({ title }) => title).join("; ")}`);
}

/** Whole answers of fixed length: a case that ends early would make both sides shorter and the share of our own work larger. */
function suiteText(ids: readonly string[], baseUrl: string, tokens: number): string {
  return [
    "version: 1",
    "name: overhead",
    "runtime: attached",
    `engine: { name: llama-cpp, url: ${JSON.stringify(baseUrl)} }`,
    `sampling: { temperature: 0, seed: 42, max_tokens: ${tokens}, ignore_eos: true, logprobs: 1 }`,
    "compare: { tier: bits }",
    "cases:",
    ...ids.map((id, index) => `  - { id: ${id}, prompt: "Chapter ${index + 1}. The harbour town woke slowly, and" }`),
    "",
  ].join("\n");
}

/** The engine itself, on a port that keeps what is sent for completions. */
function notingBodies(bodies: Set<string>): Workbench["engines"]["llama-cpp"] {
  const http: Http = {
    send: (request) => {
      if (request.url.endsWith("/completion") && request.body !== null) bodies.add(request.body);
      return nodeHttp.send(request);
    },
  };
  return {
    ...llamaCpp,
    open: async (running, suite) => {
      if (running.endpoint.kind !== "http") throw new Error("no address");
      const { baseUrl } = running.endpoint;
      const found = props.parse(await (await fetch(`${baseUrl}/props`)).json());
      return new LlamaCppSession({ http, running, baseUrl, suite, props: found, hasSlots: true, isSpeculative: false });
    },
  };
}
