import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { probeNvidiaSmi, withMigProfiles } from "../../src/environment/nvidia-smi.ts";
import { type CommandRunner, nodeCommandRunner } from "../../src/platform/command-runner.ts";
import { ended, fixture, recordedRunner, recordedSmi } from "./recorded-machine.ts";

describe("probeNvidiaSmi on recorded machines", () => {
  test("adds the compute capability that newer drivers tell", async () => {
    const probe = await probeNvidiaSmi(recordedSmi("driver-570-h100.xml", { capabilities: ended("0, 9.0\n") }));
    expect(probe).toMatchObject({ kind: "gpus", report: { gpus: [{ computeCapability: "9.0" }] } });
  });

  test("leaves the compute capability unknown when the driver does not know the field", async () => {
    const probe = await probeNvidiaSmi(recordedSmi("driver-460-v100s.xml"));
    expect(probe).toMatchObject({ kind: "gpus", report: { gpus: [{ computeCapability: null }] } });
  });

  test("finds no GPU without nvidia-smi, and none where the driver lists none", async () => {
    expect(await probeNvidiaSmi(recordedRunner({}))).toMatchObject({ kind: "none", installed: false });
    const output = ended(fixture("nvidia-smi/no-devices.txt"), 6);
    expect(await probeNvidiaSmi(recordedRunner({ "nvidia-smi -q -x": output }))).toMatchObject({
      kind: "none",
      installed: true,
    });
  });

  test.each([
    ["driver-535-mismatch.txt", 18, "reboot it"],
    ["driver-not-loaded.txt", 9, "modprobe nvidia"],
  ])("does not take a driver that does not answer for a machine without GPUs: %s", async (file, code, advice) => {
    const output = ended(fixture(`nvidia-smi/${file}`), code);
    const probe = await probeNvidiaSmi(recordedRunner({ "nvidia-smi -q -x": output }));
    expect(probe).toMatchObject({
      kind: "problem",
      problem: { code: "environment/nvidia-smi-failed", verdict: "error" },
    });
    if (probe.kind !== "problem") throw new Error("no problem");
    expect(probe.problem.found).toContain(`exit code ${code}`);
    expect(probe.problem.help.join("\n")).toContain(advice);
  });

  test("names an output that it cannot read", async () => {
    const probe = await probeNvidiaSmi(recordedRunner({ "nvidia-smi -q -x": ended("hello\nworld\n") }));
    expect(probe).toMatchObject({ kind: "problem", problem: { code: "environment/nvidia-smi-unreadable" } });
  });

  test("accepts exit code 14, which warns of a corrupted infoROM", async () => {
    const answers = { "nvidia-smi -q -x": ended(fixture("nvidia-smi/driver-515-tesla-t4.xml"), 14) };
    expect(await probeNvidiaSmi(recordedRunner(answers))).toMatchObject({ kind: "gpus" });
  });
});

describe("withMigProfiles", () => {
  test("gives each slice its profile from the list", async () => {
    const probe = await probeNvidiaSmi(recordedSmi("driver-535-a100-mig.xml"));
    if (probe.kind !== "gpus") throw new Error("no GPUs");
    const listed = ended(fixture("nvidia-smi/driver-590-h100-mig-list.txt"));
    expect(withMigProfiles(probe.report, listed).gpus[0]?.migDevices.map(({ profile }) => profile)).toEqual([
      "3g.40gb",
      "2g.20gb",
      "1g.10gb",
      "1g.10gb",
    ]);
  });
});

describe("probeNvidiaSmi with a real program", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nvidia-smi-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function program(script: string, timeoutMs: number): Promise<CommandRunner> {
    const path = join(folder, "nvidia-smi");
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return { run: ([, ...words]) => nodeCommandRunner.run([path, ...words], timeoutMs) };
  }

  test("reads what it prints", async () => {
    const xml = new URL("../fixtures/nvidia-smi/driver-595-rtx-4000-sff-ada.xml", import.meta.url).pathname;
    const runner = await program(`case "$1" in -q) cat '${xml}';; *) echo '0, 8.9';; esac`, 20_000);
    expect(await probeNvidiaSmi(runner)).toMatchObject({
      kind: "gpus",
      report: { driverVersion: "595.84", gpus: [{ computeCapability: "8.9" }] },
    });
  });

  test("names a driver that hangs", async () => {
    const probe = await probeNvidiaSmi(await program("sleep 600", 100));
    expect(probe).toMatchObject({ kind: "problem", problem: { code: "environment/nvidia-smi-timed-out" } });
  });
});
