import { describe, expect, test } from "@jest/globals";
import { hostFacts, prettyName } from "../../src/environment/host.ts";
import { recordedFiles } from "./recorded-machine.ts";

describe("hostFacts", () => {
  test.each([
    ['NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', "Debian GNU/Linux 12 (bookworm)"],
    ["PRETTY_NAME='Alpine Linux v3.20'\n", "Alpine Linux v3.20"],
    ["ID=x\nPRETTY_NAME=Arch\n", "Arch"],
    ["ID=x\n", null],
  ])("reads the name of the system from %j", (text, expected) => {
    expect(prettyName(text)).toBe(expected);
  });

  test("tells system, kernel, architecture and memory, whatever files there are", async () => {
    const facts = await hostFacts(recordedFiles({ "/etc/os-release": 'PRETTY_NAME="Test OS 1"\n' }));
    expect(facts.map(({ key }) => key)).toEqual(["host.os", "host.kernel", "host.architecture", "host.memory.mib"]);
    expect(facts[0]).toEqual({ key: "host.os", value: "Test OS 1", source: "/etc/os-release" });
    expect(facts[3]?.value).toBeGreaterThan(0);
  });
});
