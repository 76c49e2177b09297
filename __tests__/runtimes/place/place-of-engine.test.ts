import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { pathsForEngine } from "../../../src/runtimes/place/path-for-engine.ts";
import { placeOfEngine } from "../../../src/runtimes/place/place-of-engine.ts";
import type { RunnerPlace } from "../../../src/runtimes/place/runner-place.ts";

const json = readFileSync("__tests__/fixtures/places/container-job.mounts.json", "utf8");
const containerId = "e7b61ecd56350d1d4911a4556e8c1e3d4285a7990288e8fe58d1a24a5e79fe3d";
const containerJob: RunnerPlace = { kind: "container-job", containerId };
const never = () => Promise.reject(new Error("nobody asked"));
const codes = (paths: readonly string[], of: Parameters<typeof pathsForEngine>[1]) => {
  try {
    return [...pathsForEngine(paths, of).values()];
  } catch (error) {
    return (error as { problems: { code: string; found: string }[] }).problems.map(
      ({ code, found }) => `${code} ${found}`,
    );
  }
};

describe("placeOfEngine", () => {
  test("asks nobody on the machine itself, and every path is as it is", async () => {
    const place = await placeOfEngine({ kind: "host" }, "docker", never);
    expect(place.ownContainer).toBeNull();
    expect(codes(["/models/m.gguf"], place.files)).toEqual(["/models/m.gguf"]);
  });

  test("of a container job knows our container and where its folders are on the host", async () => {
    const asked: string[] = [];
    const place = await placeOfEngine(containerJob, "docker", async (id) => {
      asked.push(id);
      return { json };
    });
    expect([asked, place.ownContainer]).toEqual([[containerId], containerId]);
    const work = "/home/runner/actions-runner/_work";
    expect(
      codes(["/__w/app/app/models/m.gguf", "/__w/_temp/x", "/github/home/.cache/huggingface", "/__w"], place.files),
    ).toEqual([
      `${work}/app/app/models/m.gguf`,
      `${work}/_temp/x`,
      `${work}/_temp/_github_home/.cache/huggingface`,
      work,
    ]);
    expect(codes(["/models/m.gguf", "/__wrong/x", "/__w/../etc/passwd"], place.files)).toEqual([
      'runtimes/path-not-mounted "/models/m.gguf"',
      'runtimes/path-not-mounted "/__wrong/x"',
      'runtimes/path-not-mounted "/etc/passwd"',
    ]);
  });

  test("of a pod with dind shares the work folder and nothing else", async () => {
    const place = await placeOfEngine({ kind: "dind", workFolder: "/home/runner/_work" }, "docker", never);
    expect(place.ownContainer).toBeNull();
    expect(codes(["/home/runner/_work/app/app/m.gguf"], place.files)).toEqual(["/home/runner/_work/app/app/m.gguf"]);
    expect(codes(["/home/runner/_work/app", "/models/m.gguf"], place.files)).toEqual([
      'runtimes/path-not-in-work-folder "/models/m.gguf"',
    ]);
  });

  test.each<[RunnerPlace, string]>([
    [{ kind: "kubernetes", seen: "x" }, "runtimes/kubernetes-without-engine"],
    [{ kind: "sealed", seen: "x" }, "runtimes/container-without-engine"],
    [{ kind: "remote", address: "tcp://x" }, "runtimes/remote-engine"],
    [{ kind: "container-job", containerId: null }, "runtimes/own-container-unknown"],
  ])("refuses %j with the way out", async (place, code) => {
    const refused = placeOfEngine(place, "docker", never).then(() => []);
    await expect(refused).rejects.toMatchObject({ problems: [{ code, verdict: "error" }] });
    const [problem] = await refused.catch((error: { problems: { help: string[] }[] }) => error.problems);
    expect(problem?.help.join("\n")).toMatch(/runtime: attached|on that machine|on the runner itself/);
  });

  test("refuses a container job that the engine does not know", async () => {
    await expect(
      placeOfEngine(containerJob, "docker", async () => ({ failure: `No such container: ${containerId}` })),
    ).rejects.toMatchObject({ problems: [{ code: "runtimes/own-container-unknown" }] });
  });
});
