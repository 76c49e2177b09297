import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { GateError } from "../../src/model/problem.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { annotationsDestination } from "../../src/publish/annotations.ts";
import type { Destination, PublishContext } from "../../src/publish/destination.ts";
import { filesDestination } from "../../src/publish/files.ts";
import { publishAll } from "../../src/publish/publish-all.ts";
import { reportFiles } from "../../src/publish/report-files.ts";
import { stepSummaryDestination } from "../../src/publish/step-summary.ts";
import { buildReport } from "../../src/report/build-report.ts";
import { noDetail } from "../../src/report/detail.ts";
import { parseReport } from "../../src/report/parse-report.ts";
import { ordinaryDrift } from "../report/sample-drifts.ts";
import { digest, emptyRun, matching, problem } from "../report/sample-parts.ts";

let root = "";
let context: PublishContext;
const report = buildReport({
  ...{ ...emptyRun, results: matching(3) },
  digests: { contract: digest("c"), goldens: digest("9"), lock: { file: "suite.lock.yml", digest: digest("1") } },
});

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "publish-"));
  context = {
    files: nodeFiles,
    reportFolder: join(root, "report"),
    repositoryRoot: root,
    runUrl: null,
    detail: async () => noDetail,
    signal: new AbortController().signal,
  };
});
afterEach(() => rmSync(root, { recursive: true }));

const failing = (name: string, error: unknown): Destination => ({ name, publish: () => Promise.reject(error) });
const seen: string[] = [];
const noting = (name: string): Destination => ({
  name,
  publish: async ({ verdict }) => {
    seen.push(`${name}: ${verdict}`);
    return { kind: "published", where: null };
  },
});

describe("publishing to several destinations", () => {
  test("a failing one loses none of the others, and says why by its name", async () => {
    const outcomes = await publishAll(
      report,
      [noting("first"), failing("comment", new Error("503")), noting("last")],
      context,
    );
    expect(seen).toEqual(["first: match", "last: match"]);
    expect(outcomes.map(({ destination, kind }) => [destination, kind])).toEqual([
      ["first", "published"],
      ["comment", "failed"],
      ["last", "published"],
    ]);
    expect(outcomes[1]).toMatchObject({
      problems: [{ code: "publish/destination-failed", title: expect.stringContaining("comment"), found: "503" }],
    });
  });

  test("a problem that a user can mend stays as it is", async () => {
    const known = problem({ code: "github/rate-limit", title: "Too many requests." });
    const [outcome] = await publishAll(report, [failing("check run", new GateError([known]))], context);
    expect(outcome).toEqual({ destination: "check run", kind: "failed", problems: [known] });
  });

  test("one that throws before it is asynchronous is no exception", async () => {
    const broken: Destination = {
      name: "broken",
      publish: () => {
        throw new TypeError("x is not a function");
      },
    };
    expect(await publishAll(report, [broken], context)).toMatchObject([{ kind: "failed" }]);
  });
});

describe("destination files", () => {
  test("writes the report in every registered format", async () => {
    const outcome = await filesDestination().publish(report, context);
    expect(outcome).toEqual({ kind: "published", where: context.reportFolder });
    expect(readdirSync(context.reportFolder).sort()).toEqual(reportFiles.map(({ file }) => file).sort());
    const text = readFileSync(join(context.reportFolder, "report.json"), "utf8");
    expect(parseReport(text, "report.json")).toEqual(report);
  });

  test("keeps the transcript beside the report", async () => {
    const transcript = join(root, "check-1.jsonl");
    writeFileSync(transcript, '{"kind":"start"}\n');
    await filesDestination([]).publish({ ...report, transcript }, context);
    expect(readFileSync(join(context.reportFolder, "transcript.jsonl"), "utf8")).toBe('{"kind":"start"}\n');
  });

  test("a format that cannot be rendered is named, and the others are written", async () => {
    const broken = {
      file: "report.html",
      render: () => {
        throw new Error("no template");
      },
    };
    const [outcome] = await publishAll(report, [filesDestination([broken, ...reportFiles])], context);
    expect(outcome).toMatchObject({
      kind: "failed",
      problems: [{ title: expect.stringContaining("report.html"), found: "no template" }],
    });
    expect(readdirSync(context.reportFolder)).toContain("report.json");
  });

  test("a folder that cannot be made is a failure of this destination alone", async () => {
    writeFileSync(context.reportFolder, "a file where the folder should be");
    const outcomes = await publishAll(report, [filesDestination(), noting("after it")], context);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["failed", "published"]);
  });
});

const drifted = buildReport({ ...emptyRun, results: [...matching(2), ordinaryDrift] });

describe("destination annotations", () => {
  const printed = async (root: string) => {
    const lines: string[] = [];
    const hands = { print: (text: string) => lines.push(text), fails: true };
    await annotationsDestination(hands).publish(drifted, { ...context, repositoryRoot: root });
    return lines.join("");
  };

  test("points at the golden by its path in the repository", async () => {
    const text = await printed(join(process.cwd(), "inference-gate"));
    expect(text).toMatch(/^::error file=goldens\/cpu-x86-64-v3-t2\/uk-vs-usa\.json,line=34,title=[^\n]+\n$/);
  });

  test("names no file that is outside of the repository", async () => {
    expect(await printed(join(process.cwd(), "elsewhere"))).toMatch(/^::error title=/);
  });

  test("has nothing to say about a match", async () => {
    const hands = { print: () => {}, fails: false };
    expect(await annotationsDestination(hands).publish(report, context)).toMatchObject({ kind: "skipped" });
  });
});

describe("destination step summary", () => {
  test("appends one page", async () => {
    const pages: string[] = [];
    const append = async (markdown: string) => {
      pages.push(markdown);
    };
    await stepSummaryDestination({ append, artifact: "kept", outcome: "fails" }).publish(drifted, context);
    expect(pages).toEqual([expect.stringContaining("## ❌ DRIFT: 1 of 3 cases differs")]);
    expect(pages[0]).toContain("artifact `kept`");
  });

  test("is left out where there is no step", async () => {
    const hands = { append: null, artifact: null, outcome: "passes" } as const;
    expect(await stepSummaryDestination(hands).publish(drifted, context)).toMatchObject({ kind: "skipped" });
  });
});
