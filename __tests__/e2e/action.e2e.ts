/** The GitHub Action by its `action.yml`, run by a real client: what a job shows, sets and leaves for every way in which a run can end. */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Act, openAct, type Told, type WorkflowRun } from "./act/act.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { files, script, suiteText, writeSuite } from "./words-suite.ts";

let gate: Gate;
let act: Act;
/** Three goldens of generation 1; to be copied, never to be changed. */
let recorded: Place;

const drifting = ["beta: { generate: { change_at: 9 } }"];

beforeAll(async () => {
  gate = buildGate();
  act = await openAct(gate.dist);
  recorded = gate.place();
  writeSuite(recorded);
  expect((await recorded.run(["record"])).code).toBe(0);
});
afterAll(() => {
  act?.remove();
  gate?.remove();
});

/** A copy of what was recorded, in which the engine answers otherwise. */
function changed(cases: readonly string[], suite = suiteText): Place {
  const place = gate.place(recorded);
  writeSuite(place, cases, suite);
  return place;
}

const errors = (run: WorkflowRun) => run.annotations.filter(({ command }) => command === "error");

describe("a check without any input", () => {
  test("is green when every case equals its golden", async () => {
    const run = await act.run(recorded);
    expect(run.conclusion).toBe("success");
    expect(run.annotations).toEqual([]);
    expect(run.summary).toMatch(/^## ✅ MATCH: all 3 cases equal their goldens\n/);
    expect(run.outputs).toMatchObject({
      verdict: "match",
      "exit-code": "0",
      matched: "3",
      drifted: "0",
      unstable: "0",
    });
    expect(run.outputs["artifact-url"]).toBe("https://github.invalid/artifacts/inference-gate-report");
    expect(run.groups).toEqual(["Report"]);
    const report = JSON.parse(run.artifacts.get("inference-gate-report/report.json") ?? "{}");
    expect(report).toMatchObject({ verdict: "match", counts: { cases: 3, match: 3 } });
    expect(run.artifacts.get("inference-gate-report/summary.md")).toBe(run.summary);
    expect(run.artifacts.get("inference-gate-report/transcript.jsonl")).toContain('"alpha"');
  });

  test("is red when an output differs: annotated where the golden splits, explained in the summary", async () => {
    const run = await act.run(changed(drifting));
    expect(run.conclusion).toBe("failure");
    expect(run.outputs).toMatchObject({ verdict: "drift", "exit-code": "1", matched: "2", drifted: "1" });
    expect(errors(run)).toHaveLength(1);
    const { properties, message } = run.annotations[0] ?? { properties: {} as Told["properties"], message: "" };
    const golden = run.suiteFolder.get(properties.file?.replace("inference-gate/", "") ?? "") ?? "";
    const expected = /^expected: \s*(\S+)/m.exec(message)?.[1] ?? "none";
    expect(properties.title).toBe("inference-gate: drift in beta");
    expect(golden.split("\n")[Number(properties.line) - 1]).toContain(expected);
    expect(run.summary).toMatch(/^## ❌ DRIFT: 1 of 3 cases differs from its golden\n/);
    expect(run.summary).toContain("| expected (golden) | actual (this run) |");
    expect(run.summary).toContain('`inference-gate accept --reason "…"`');
    expect(run.artifacts.get("inference-gate-report/report.json")).toContain('"drift"');
    expect(run.artifacts.get("inference-gate-report/report.html")).toMatch(
      /<script type="text\/plain" id="case-\d+">[^<]/,
    );
  });

  test("is red when what is asked has changed, and says what", async () => {
    const run = await act.run(changed([], suiteText.replace("seed: 1", "seed: 2")));
    expect(run.conclusion).toBe("failure");
    expect(run.outputs).toMatchObject({ verdict: "environment-changed", "exit-code": "5" });
    expect(run.summary).toContain("seed");
    expect(run.annotations[0]?.message).toContain("sampling.seed 1 → 2");
  });

  test("is red when a golden was changed by hand", async () => {
    const place = gate.place(recorded);
    const [name = ""] = place.tree(files.goldens).keys();
    place.write(join(files.goldens, name), place.read(join(files.goldens, name)).replace(/"text": \[\n\s+"\w/, "$&X"));
    const run = await act.run(place);
    expect(run.conclusion).toBe("failure");
    expect(run.outputs).toMatchObject({ verdict: "usage", "exit-code": "2" });
    expect(errors(run)[0]?.properties.file).toContain(name);
  });

  test("is red when the engine dies, with the end of its log", async () => {
    const run = await act.run(
      changed(["beta: { generate: {}, noise: { stderr: [out of memory] }, crash_at: { token: 3 } }"]),
    );
    expect(run.conclusion).toBe("failure");
    expect(run.outputs).toMatchObject({ verdict: "error", "exit-code": "3" });
    expect(run.summary).toMatch(/^## ❌ ERROR:/);
    expect(run.groups[0]).toMatch(/^Log of the engine \(\d+ lines?\)$/);
    expect(run.log).toContain("out of memory");
  });
});

describe("fail-on", () => {
  test("tolerates a verdict on the change: green, with a warning", async () => {
    const run = await act.run(changed(drifting), { inputs: { "fail-on": "unstable, environment-changed" } });
    expect(run.conclusion).toBe("success");
    expect(run.outputs).toMatchObject({ verdict: "drift", "exit-code": "1" });
    expect(run.annotations.map(({ command }) => command)).toEqual(["warning"]);
    expect(run.summary).toContain("This verdict does not fail the job");
  });

  test("never tolerates a run that could not run", async () => {
    const run = await act.run(changed(["alpha: { generate: {}, crash_at: { token: 0 } }"]), {
      inputs: { "fail-on": "none" },
    });
    expect(run.conclusion).toBe("failure");
    expect(run.outputs.verdict).toBe("error");
  });
});

describe("inputs", () => {
  test("that are wrong are all named at once, and nothing runs", async () => {
    const run = await act.run(recorded, {
      inputs: { mode: "chek", "keep-going": "maybe", "fail-on": "drift, never", runtime: "dokcer", reason: "why not" },
    });
    expect(run.conclusion).toBe("failure");
    expect(run.outputs).toMatchObject({ verdict: "usage", "exit-code": "2" });
    const told = errors(run).map(({ message }) => /input "([\w-]+)"/.exec(message)?.[1]);
    expect(told.sort()).toEqual(["fail-on", "keep-going", "mode", "runtime"]);
    expect(run.log).not.toContain("Starting scripted");
  });

  test("choose suite, folder, cases and artifact", async () => {
    const place = gate.place();
    for (const [path, text] of recorded.tree("inference-gate")) {
      if (!path.startsWith(".inference-gate")) place.write(join("models", "gates", path), text);
    }
    place.write("models/gates/script.yml", `version: 1\ndefault: { generate: {} }\ncases: { ${drifting[0]} }\n`);
    const inputs = {
      "working-directory": "models",
      suite: "gates/suite.yml",
      cases: "alpha\nbet*",
      "artifact-name": "mine",
    };
    const run = await act.run(place, { inputs });
    expect(run.outputs).toMatchObject({ verdict: "drift", matched: "1", drifted: "1" });
    expect(errors(run)[0]?.properties.file).toMatch(/^models\/gates\/goldens\//);
    expect([...run.artifacts.keys()]).toContain("mine/report.json");
  });

  test("can keep the report from being uploaded", async () => {
    const run = await act.run(recorded, { inputs: { "upload-report": "failure" } });
    expect(run.conclusion).toBe("success");
    expect(run.artifacts.size).toBe(0);
    expect(run.summary).not.toContain("artifact");
  });
});

describe("mode record", () => {
  test("writes goldens and lock for a later step to commit", async () => {
    const place = gate.place();
    writeSuite(place);
    const run = await act.run(place, { inputs: { mode: "record" } });
    expect(run.conclusion).toBe("success");
    expect(run.outputs).toMatchObject({ verdict: "match", matched: "3" });
    expect(run.summary).toMatch(/^## ✅ RECORDED: 3 goldens written\n/);
    expect([...run.suiteFolder.keys()]).toContain("suite.lock.yml");
  });

  test("asks for a reason when goldens would be replaced", async () => {
    const run = await act.run(recorded, { inputs: { mode: "record", "record-mode": "all" } });
    expect(run.conclusion).toBe("failure");
    expect(run.annotations[0]?.message).toContain("Generation 2 needs a reason.");
  });
});

describe("a pull request", () => {
  const pull = (head: string, login = "mia") => ({
    name: "pull_request",
    payload: {
      pull_request: {
        number: 7,
        head: { sha: "a".repeat(40), ref: "change", repo: { full_name: head } },
        base: { sha: "b".repeat(40), ref: "main", repo: { full_name: "team/project" } },
        user: { login },
      },
    },
  });

  test("from a fork is refused before anything runs", async () => {
    const run = await act.run(recorded, { event: pull("stranger/project") });
    expect(run.conclusion).toBe("failure");
    expect(run.outputs.verdict).toBe("usage");
    expect(run.annotations[0]?.message).toContain("Pull requests from forks are not run on this machine.");
    expect(run.log).not.toContain("Starting scripted");
  });

  test("from a fork runs where the workflow allows it", async () => {
    const run = await act.run(recorded, { event: pull("stranger/project"), inputs: { "allow-forks": "true" } });
    expect(run.outputs.verdict).toBe("match");
  });

  test("of the repository itself runs", async () => {
    expect((await act.run(recorded, { event: pull("team/project") })).outputs.verdict).toBe("match");
  });

  test("of Dependabot is refused unless it is allowed", async () => {
    const event = pull("team/project", "dependabot[bot]");
    expect((await act.run(recorded, { event })).outputs.verdict).toBe("usage");
    expect((await act.run(recorded, { event, inputs: { "allow-dependabot": "true" } })).outputs.verdict).toBe("match");
  });
});

describe("what an engine and a reader get to see", () => {
  test("no variable of GitHub or of the runner reaches the engine, and a secret that it prints is masked everywhere", async () => {
    const secret = "hunter2-correct-horse";
    const place = gate.place();
    place.write(
      "inference-gate/engine.sh",
      `#!/bin/sh\nenv | sort > "$(dirname "$0")/seen.txt"\nexec node "${join(act.actionFolder, "dist", "scripted-engine.mjs")}" --script "$(dirname "$0")/script.yml"\n`,
    );
    chmodSync(join(place.folder, "inference-gate/engine.sh"), 0o755);
    writeSuite(place, [], suiteText.replace(/^engine: .*$/m, "engine: { name: command, command: [./engine.sh] }"));
    script(place, [`alpha: { generate: {}, noise: { stderr: [the key is ${secret}] } }`]);
    const run = await act.run(place, { inputs: { mode: "record" }, env: { MODEL_API_KEY: secret, ORDINARY: "word" } });
    expect(run.outputs.verdict).toBe("match");
    const seen = (run.suiteFolder.get("seen.txt") ?? "").split("\n").map((line) => line.split("=")[0] ?? "");
    expect(seen).toContain("PATH");
    expect(
      seen.filter((name) =>
        /^(?:GITHUB|ACTIONS|RUNNER|INPUT|ACT|CI|EVIDENCE|ORDINARY)(?:_|$)|KEY|TOKEN|_INPUTS$/.test(name),
      ),
    ).toEqual([]);
    expect(run.log).toContain("the key is ***");
    const left = [run.log, run.summary, ...run.artifacts.values()].join("\n");
    expect(left).not.toContain(secret);
  });
});
