import { expect, test } from "@jest/globals";
import { goldenField } from "../../src/messages/goldens.ts";
import { attachedNotReady, programNotExecutable } from "../../src/messages/runtimes.ts";

const longName = `/srv/${"cpu-x86-64-v4-avx512vbmi-avx512vnni-".repeat(5)}t2`;

test("the command that restores a golden of a long hardware class can be pasted", () => {
  const file = `${longName}/essay.json`;
  const location = { file, line: 1, column: 1 };
  const { help } = goldenField({ location, field: "text", found: "1", expected: "lines" });
  expect(help).toContain(`Restore the committed file: git checkout -- ${file}`);
});

test("a name that a shell would read otherwise is quoted for it", () => {
  const location = { file: "$(id)/it's.json", line: 1, column: 1 };
  const { help } = goldenField({ location, field: "text", found: "1", expected: "lines" });
  expect(help).toContain("Restore the committed file: git checkout -- '$(id)/it'\\''s.json'");
});

test("a program's path and a server's address stand whole in what to try", () => {
  expect(programNotExecutable({ path: longName, hints: [] }).help).toContain(
    `Make it executable: chmod +x ${longName}`,
  );
  const url = `http://127.0.0.1:8080${longName}`;
  const about = { url, limitMs: 1000, waitedFor: "200", seen: "503", hints: [] };
  expect(attachedNotReady(about).help).toContain(`Try it by hand: curl -i ${url}`);
});
