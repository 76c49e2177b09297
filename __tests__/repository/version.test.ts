import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { toolVersion } from "../../src/model/tool.ts";

test("the tool tells the version of its package", () => {
  expect(toolVersion).toBe(JSON.parse(readFileSync("package.json", "utf8")).version);
});
