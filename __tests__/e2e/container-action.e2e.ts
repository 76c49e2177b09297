/** The action with an engine in a container, run by a real client: what a pull request shows for every way in which that can end. */
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { demoWeightEdit } from "../../src/demo/demo-suite.ts";
import { editWeights } from "../../src/demo/edit-weights.ts";
import type { RealParts } from "../../src/demo/real-parts.ts";
import { type Act, openAct } from "./act/act.ts";
import { type ContainerHost, containerHost, serverInside } from "./container-host.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { leftOnMachine } from "./left-on-machine.ts";
import { realPartsForTests } from "./real-parts.ts";

let host: ContainerHost;
let gate: Gate;
let act: Act;
let parts: RealParts;
/** Goldens of generation 1; to be copied, never to be changed. */
let recorded: Place;

beforeAll(async () => {
  parts = await realPartsForTests();
  gate = buildGate();
  act = await openAct(gate.dist);
  host = await containerHost();
  recorded = gate.place();
  recorded.write("inference-gate/suite.yml", suite());
  const ran = await recorded.run(["record"], host.env);
  expect([ran.code, ran.text]).toEqual([0, expect.stringContaining("sea")]);
}, 600_000);
afterEach(() => expect(leftOnMachine(host, "docker")).toEqual([]));
afterAll(async () => {
  act?.remove();
  gate?.remove();
  await host?.stop();
});

interface Changed {
  readonly digest?: string;
  readonly model?: string;
  readonly command?: readonly string[];
  readonly startup?: number;
}

function suite({
  digest = host.imageDigest,
  model = parts.modelPath,
  command = serverInside,
  startup = 60,
}: Changed = {}) {
  return [
    "version: 1",
    "runtime: docker",
    `image: ${host.imageName}@${digest}`,
    `timeouts: { startup_s: ${startup}, stop_s: 1 }`,
    `engine: { name: llama-cpp, command: ${JSON.stringify(command)}, args: { ctx-size: 256, threads: 1 } }`,
    `model: { name: small, path: ${JSON.stringify(model)} }`,
    "sampling: { temperature: 0, seed: 42, max_tokens: 16 }",
    "cases: [{ id: sea, prompt: The old harbour town }]",
    "",
  ].join("\n");
}

/** The words of Markdown in which underscores are escaped. */
const read = (markdown: string) => markdown.replaceAll("\\_", "_");

function runOn(changed: Changed, env: { readonly [name: string]: string } = {}) {
  const place = gate.place(recorded);
  place.write("inference-gate/suite.yml", suite(changed));
  return act.run(place, { env: { ...host.env, ...env } });
}

test("a pull request that changes nothing is green", async () => {
  const run = await runOn({});
  expect([run.conclusion, run.annotations]).toEqual(["success", []]);
  expect(run.outputs).toMatchObject({ verdict: "match", "exit-code": "0", matched: "1" });
  expect(run.summary).toContain("MATCH");
});

test("another image is red, and named, also when it answers the same", async () => {
  const run = await runOn({ digest: host.otherDigest });
  expect(run.conclusion).toBe("failure");
  expect(run.outputs).toMatchObject({ verdict: "environment-changed", "exit-code": "5" });
  expect(run.summary).toContain("container image digest");
  expect(run.annotations.map(({ command }) => command)).toContain("error");
});

test("other weights are red, and named", async () => {
  const folder = join(gate.place().folder, "models");
  mkdirSync(folder);
  const model = join(folder, basename(parts.modelPath));
  await editWeights(parts.modelPath, model, demoWeightEdit);
  const run = await runOn({ model });
  expect(run.conclusion).toBe("failure");
  expect(run.outputs).toMatchObject({ verdict: "environment-changed", drifted: "1" });
  expect(read(run.summary)).toContain(`model file ${basename(model)}`);
});

test.each([
  [
    "no engine of containers",
    {},
    { DOCKER_HOST: "unix:///nonexistent/docker.sock" },
    "its engine does not answer",
    "systemctl start docker",
  ],
  [
    "a digest that the registry does not have",
    { digest: `sha256:${"12".repeat(32)}` },
    {},
    "The registry has no image",
    "imagetools inspect",
  ],
  [
    "an engine that never becomes ready",
    { command: ["sh", "-c", "echo still loading; sleep 600"], startup: 3 },
    {},
    "The engine was not ready after 3 s and was ended.",
    "timeouts.startup_s",
  ],
] as const)("%s is an error, explained", async (_, changed, env, says, helps) => {
  const run = await runOn(changed, env);
  expect(run.conclusion).toBe("failure");
  expect(run.outputs).toMatchObject({ verdict: "error", "exit-code": "3" });
  expect(run.summary).toContain(says);
  expect(read(run.summary)).toContain(helps);
  expect(run.annotations.find(({ command }) => command === "error")?.message).toContain(says);
});
