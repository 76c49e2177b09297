import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { gitHubClient } from "../../src/github/client.ts";
import { artifactFiles, downloadLimits } from "../../src/github/download.ts";
import { GateError } from "../../src/model/problem.ts";
import { type FakeApi, fakeApi } from "./fake-api.ts";
import { faults } from "./faults.ts";
import { handClock } from "./hand-clock.ts";
import { type ZipFile, zipOf } from "./zip.ts";

let api: FakeApi;
beforeEach(async () => {
  api = await fakeApi();
});
afterEach(() => api.close());

const signal = new AbortController().signal;
const report: ZipFile = { name: "report.json", content: "{}" };
const small = { ...downloadLimits, archiveBytes: 2_000, fileBytes: 1_000 };

function uploaded(zip: Uint8Array, expired = false): void {
  api.repository.artifacts.push({ id: 7, run: 17, name: "inference-gate-report", zip, expired });
}

function files(limits = downloadLimits) {
  const repository = { owner: "team", repo: "model" };
  const about = { token: "t0ken", apiUrl: api.url, repository, clock: handClock(), signal, userAgent: "test" };
  const wanted = { run: 17, name: "inference-gate-report", files: ["report.json", "transcript.jsonl"] };
  return artifactFiles(gitHubClient(about), wanted, signal, limits);
}

const problemOf = async (work: Promise<unknown>) => {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(GateError);
  const [problem] = (thrown as GateError).problems;
  return { code: problem?.code, found: problem?.found };
};

describe("an artifact", () => {
  test("gives the files that are wanted, and no others", async () => {
    uploaded(
      zipOf([report, { name: "transcript.jsonl", content: "lines\n" }, { name: "report.html", content: "<html>" }]),
    );
    const found = await files();
    expect([...found].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
      ["report.json", "{}"],
      ["transcript.jsonl", "lines\n"],
    ]);
  });

  test("is fetched without the token from where GitHub says that it lies: that host refuses one", async () => {
    uploaded(zipOf([report]));
    expect((await files()).has("report.json")).toBe(true);
    expect(api.asked).toContain("GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}");
  });

  test("is the newest of its name", async () => {
    uploaded(zipOf([report]));
    const zip = zipOf([{ name: "report.json", content: "new" }]);
    api.repository.artifacts.push({ id: 8, run: 17, name: "inference-gate-report", zip, expired: false });
    expect(Buffer.from((await files()).get("report.json") ?? []).toString()).toBe("new");
  });
});

describe("is refused", () => {
  test("where there is none, or none any more", async () => {
    expect(await problemOf(files())).toMatchObject({ code: "artifacts/none", found: "no artifact of that name" });
    uploaded(zipOf([report]), true);
    expect(await problemOf(files())).toMatchObject({ code: "artifacts/none", found: "an artifact that has expired" });
  });

  test.each([
    ["a name that leads out of its folder", "../../.bashrc", "invalid relative path"],
    ["an absolute name", "/etc/passwd", "absolute path"],
    ["a name with backslashes", "..\\..\\x", "invalid characters in fileName"],
  ])("whole, for %s", async (_, name, found) => {
    uploaded(zipOf([report, { name, content: "x" }]));
    expect(await problemOf(files())).toMatchObject({ code: "artifacts/broken", found: expect.stringContaining(found) });
  });

  test("an archive beyond the limit, before it is asked for", async () => {
    uploaded(Buffer.alloc(3_000));
    expect(await problemOf(files(small))).toMatchObject({ code: "artifacts/too-large" });
    expect(api.asked.filter((name) => name.includes("archive_format"))).toEqual([]);
  });

  test("a file beyond the limit, as it claims", async () => {
    uploaded(zipOf([{ name: "report.json", content: "x".repeat(5_000) }]));
    expect(await problemOf(files(small))).toMatchObject({ code: "artifacts/too-large" });
  });

  test("a file that is larger than it claims", async () => {
    uploaded(zipOf([{ name: "report.json", content: "x".repeat(500_000), claimedBytes: 10 }]));
    expect(await problemOf(files(small))).toMatchObject({
      code: "artifacts/broken",
      found: expect.stringContaining("too many bytes"),
    });
  });

  test("a file that is there twice", async () => {
    uploaded(zipOf([report, report]));
    expect(await problemOf(files())).toMatchObject({
      code: "artifacts/broken",
      found: expect.stringContaining("twice"),
    });
  });

  test("what is no archive", async () => {
    uploaded(Buffer.from("<html>"));
    expect(await problemOf(files())).toMatchObject({ code: "artifacts/broken" });
  });

  test("what the token may not read", async () => {
    api.failAlways("GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts", faults.readOnly);
    expect(await problemOf(files())).toMatchObject({ code: "github/may-not" });
  });
});
