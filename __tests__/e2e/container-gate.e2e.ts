/** The gate on a real engine in a real container, by docker and by podman: what agrees matches, what was changed is named, what cannot run is explained. */
import { renameSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { demoWeightEdit } from "../../src/demo/demo-suite.ts";
import { editWeights } from "../../src/demo/edit-weights.ts";
import { containerRuntimeNames } from "../../src/model/suite.ts";
import type { Report } from "../../src/report/report.ts";
import { type ContainerHost, containerHost, serverInside } from "./container-host.ts";
import { leftOnMachine } from "./left-on-machine.ts";
import { type NeighbourHost, neighbourHost } from "./neighbour-host.ts";
import { realPartsForTests } from "./real-parts.ts";
import { type RealSuite, realSuite, type SuiteWords } from "./real-suite.ts";

let host: ContainerHost;
let neighbour: NeighbourHost;
beforeAll(async () => {
  host = await containerHost();
  Object.assign(process.env, host.env);
  neighbour = await neighbourHost();
});
afterAll(async () => {
  await neighbour.stop();
  await host.stop();
});

const verdicts = (report: Report) => report.cases.map(({ id, verdict }) => `${id} ${verdict}`);
const changes = (report: Report) => [
  ...report.environment.changes.filter(({ weight }) => weight === "breaking").map(({ key }) => key),
  ...report.environment.contractChanges,
];

interface Changed {
  readonly image?: string;
  readonly container?: string;
  readonly command?: readonly string[];
  readonly args?: object;
  readonly timeouts?: string;
}

describe.each(containerRuntimeNames)("runtime %s", (runtime) => {
  let suite: RealSuite;
  const image = () => `${host.imageName}@${host.imageDigest}`;

  function words(changed: Changed = {}): SuiteWords {
    return {
      engine: [
        `runtime: ${runtime}`,
        `image: ${changed.image ?? image()}`,
        `container: ${changed.container ?? "{}"}`,
        `timeouts: ${changed.timeouts ?? "{ startup_s: 60, stop_s: 2 }"}`,
        "engine:",
        "  name: llama-cpp",
        `  command: ${JSON.stringify(changed.command ?? serverInside)}`,
        `  args: ${JSON.stringify({ "ctx-size": 512, threads: 1, "chat-template-file": "template.jinja", ...changed.args })}`,
      ],
      model: `{ name: SmolLM2-135M-Instruct, path: ${JSON.stringify(suite.modelPath)} }`,
      sampling: '{ "temperature": 0.8, "top_p": 0.95, "seed": 42, "max_tokens": 32 }',
      firstSampling: "{}",
      tier: "bits",
    };
  }
  const checked = async (changed: Changed) => {
    suite.write(words(changed));
    const report = await suite.check();
    suite.write(words());
    return report;
  };
  const problem = (report: Report) => {
    expect([report.verdict, report.exitCode]).toEqual(["error", 3]);
    return report.problems[0];
  };

  beforeAll(async () => {
    suite = realSuite(await realPartsForTests());
    suite.write(words());
  });
  afterEach(() => expect(leftOnMachine(host, runtime)).toEqual([]));
  afterAll(() => suite.remove());

  test("two launches agree in every bit, and a check after them matches", async () => {
    const recorded = await suite.record();
    expect([recorded.problems, recorded.verdict, recorded.record?.written]).toEqual([[], "match", ["plain", "chat"]]);
    const report = await suite.check();
    expect([report.problems, report.exitCode, verdicts(report)]).toEqual([[], 0, ["plain match", "chat match"]]);
    expect(changes(report)).toEqual([]);
    expect(report.environment.facts).toContainEqual(
      expect.objectContaining({ key: "image.digest", value: host.imageDigest }),
    );
    expect(report.environment.facts).toContainEqual(
      expect.objectContaining({ key: "runtime.network", value: "none-out" }),
    );
  });

  test("a weight file that kept its name and size drifts and is named", async () => {
    const kept = `${suite.modelPath}.kept`;
    renameSync(suite.modelPath, kept);
    await editWeights(kept, suite.modelPath, demoWeightEdit);
    const report = await checked({});
    renameSync(kept, suite.modelPath);
    expect(report.verdict).toBe("environment-changed");
    expect(changes(report)).toEqual(["model.file.SmolLM2-135M-Instruct.Q4_1.gguf"]);
    expect(verdicts(report)).toContain("plain drift");
  });

  test("another image is another environment, also when it answers the same", async () => {
    const report = await checked({ image: `${host.imageName}@${host.otherDigest}` });
    expect([report.verdict, report.exitCode]).toEqual(["environment-changed", 5]);
    expect(changes(report)).toEqual(["image.digest", `image "${host.imageDigest}" → "${host.otherDigest}"`]);
    expect(verdicts(report)).toEqual(["plain match", "chat match"]);
  });

  test("an ordinary network is reported, and changes no answer", async () => {
    const report = await checked({ container: "{ network: allow }" });
    expect([report.exitCode, verdicts(report)]).toEqual([0, ["plain match", "chat match"]]);
    expect(report.environment.changes).toContainEqual(
      expect.objectContaining({ key: "runtime.network", before: "none-out", after: "allow", weight: "noted" }),
    );
  });

  test("a digest that the registry does not have is explained", async () => {
    const wrong = `${host.imageName}@sha256:${"12".repeat(32)}`;
    expect(problem(await checked({ image: wrong }))).toMatchObject({
      code: "runtimes/image-not-found",
      title: expect.stringContaining(host.imageName),
    });
  });

  test("an engine that never becomes ready is ended and shows its log", async () => {
    const mute = "import sys, time; print('loading for ever', file=sys.stderr, flush=True); time.sleep(600)";
    const report = await checked({
      command: ["python3", "-c", mute],
      timeouts: "{ startup_s: 3, stop_s: 1 }",
    });
    expect(problem(report)).toMatchObject({
      code: "runtimes/not-ready",
      title: "The engine was not ready after 3 s and was ended.",
      evidence: expect.arrayContaining(["loading for ever"]),
    });
  });

  test("an engine that needs more memory than it is given is told apart from one that is killed", async () => {
    const greedy = "held = []\nwhile True: held.append(bytearray(8 << 20))";
    const report = await checked({ command: ["python3", "-c", greedy], container: "{ memory: 64m }" });
    expect(problem(report)).toMatchObject({
      code: "runtimes/out-of-memory",
      title: "The engine ran out of memory (container.memory is 64m) and was ended by the kernel.",
    });
  });

  test.each([
    [["nowhere"], "runtimes/image-lacks-program", '"nowhere"'],
    [["/etc/passwd"], "runtimes/image-lacks-program", '"/etc/passwd"'],
    [["python3", "-c", "raise SystemExit('bad option')"], "runtimes/exited-early", "exit code 1"],
  ])("the command %j is explained", async (command, code, says) => {
    expect(problem(await checked({ command }))).toMatchObject({ code, title: expect.stringContaining(says) });
  });

  /** What an engine sees of its own container, and whether it reaches the neighbour. */
  const lookAround = async (container: string) => {
    const look = [
      "import json, os, socket, sys",
      "def tried(work):",
      "    try: work(); return 'done'",
      "    except OSError as error: return error.strerror or 'no answer'",
      "status = open('/proc/self/status').read()",
      "seen = {'write': tried(lambda: open('/opt/x', 'w')), 'tmp': tried(lambda: open('/tmp/x', 'w')),",
      ` 'out': tried(lambda: socket.create_connection(('${neighbour.address}', ${neighbour.port}), 2)),`,
      " 'cap': status.split('CapEff:')[1].split()[0], 'nnp': status.split('NoNewPrivs:')[1].split()[0],",
      " 'model': tried(lambda: open('/gate/0/SmolLM2-135M-Instruct.Q4_1.gguf', 'r+')), 'env': sorted(os.environ)}",
      "sys.exit(json.dumps(seen))",
    ].join("\n");
    const report = await checked({ command: ["python3", "-c", look], container });
    return JSON.parse(problem(report)?.evidence.at(-1) ?? "");
  };

  test("the engine can neither write to its image nor reach anything, and holds no capability", async () => {
    process.env.GITHUB_TOKEN = "a secret";
    const seen = await lookAround("{}");
    delete process.env.GITHUB_TOKEN;
    expect(seen).toMatchObject({
      write: "Read-only file system",
      tmp: "done",
      // Refused at once or swallowed, as the engine of containers likes it.
      out: expect.not.stringContaining("done"),
      cap: "0000000000000000",
      nnp: "1",
      model: "Read-only file system",
    });
    expect(seen.env).not.toContain("GITHUB_TOKEN");
  });

  test("the host that it did not reach is there, and with `network: allow` it does", async () => {
    expect(await lookAround("{ network: allow }")).toMatchObject({ out: "done" });
  });
});
