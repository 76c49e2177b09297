import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { stepLog } from "../../src/action/log.ts";
import { masked, maskingFiles, secretsIn } from "../../src/action/secrets.ts";
import { nodeFiles } from "../../src/platform/files.ts";

describe("secrets", () => {
  test("are the token and the values of variables that are named like one", () => {
    const env = {
      HF_TOKEN: "hf_abcdefgh",
      MODEL_API_KEY: "key-12345678",
      AWS_SECRET_ACCESS_KEY: "aws-12345678",
      TOKENIZERS_PARALLELISM: "false-false",
      KEYBOARD: "us-international",
      SHORT_TOKEN: "word",
      PATH: "/usr/local/bin",
    };
    expect([...secretsIn(env, "ghs_12345678")].sort()).toEqual(
      ["aws-12345678", "ghs_12345678", "hf_abcdefgh", "key-12345678"].sort(),
    );
  });

  test("of several lines are masked whole, line by line, and as JSON has them", () => {
    const key = 'first line "quoted"\nsecond line of it';
    const secrets = secretsIn({ DEPLOY_PRIVATE_KEY: key }, "");
    for (const text of [key, 'a first line "quoted" b', "x second line of it y", JSON.stringify({ key })]) {
      expect(masked(text, secrets)).not.toMatch(/first line|second line/);
    }
  });

  test("that contain each other leave nothing of the longer one", () => {
    const secrets = secretsIn({ A_TOKEN: "12345678", B_TOKEN: "12345678-and-more" }, "");
    expect(masked("x 12345678-and-more y 12345678 z", secrets)).toBe("x *** y *** z");
  });

  test("are kept out of files, text or bytes; other bytes stay as they are", async () => {
    const folder = mkdtempSync(join(tmpdir(), "masking-"));
    const files = maskingFiles(nodeFiles, ["hunter2-hunter2"]);
    const bytes = new Uint8Array([0xff, 0x00, 0xfe]);
    await files.writeAtomic(join(folder, "text"), "a hunter2-hunter2 b");
    await files.writeAtomic(join(folder, "bytes"), Buffer.from("a hunter2-hunter2 b"));
    await files.writeAtomic(join(folder, "binary"), bytes);
    expect(readFileSync(join(folder, "text"), "utf8")).toBe("a *** b");
    expect(readFileSync(join(folder, "bytes"), "utf8")).toBe("a *** b");
    expect(new Uint8Array(readFileSync(join(folder, "binary")))).toEqual(bytes);
    rmSync(folder, { recursive: true });
  });
});

describe("the log of the step", () => {
  function logOf(work: (log: ReturnType<typeof stepLog>) => void): string {
    const chunks: string[] = [];
    work(stepLog((text) => chunks.push(text), ["hunter2-hunter2"]));
    return chunks.join("");
  }

  test("shows the engine's log as a group in which nothing is a command and no secret is seen", () => {
    const text = logOf((log) => {
      for (const line of ["::error::no", "  ::set-output name=a::b", "##[endgroup]", "\u001b[31mhunter2-hunter2"]) {
        log.engineLine(line);
      }
      log.showEngineLog();
    });
    const lines = text.trimEnd().split("\n");
    expect(lines[0]).toBe("::group::Log of the engine (4 lines)");
    expect(lines.at(-1)).toBe("::endgroup::");
    for (const line of lines.slice(1, -1)) expect(line).not.toMatch(/^\s*::|##\[|hunter2|\u001b/);
  });

  test("keeps the end of a very long one and counts all of it", () => {
    const text = logOf((log) => {
      for (let index = 1; index <= 3000; index += 1) log.engineLine(`line ${index}`);
      log.showEngineLog();
    });
    expect(text).toContain("(3000 lines, the last 2000)");
    expect(text).toContain("\nline 3000\n");
    expect(text).not.toContain("\nline 1000\n");
  });

  test("has no group for an engine that said nothing", () => expect(logOf((log) => log.showEngineLog())).toBe(""));
});
