import { expect, test } from "@jest/globals";
import type { EnvironmentChange, FactGroup } from "../../src/model/fingerprint.ts";
import { buildReport } from "../../src/report/build-report.ts";
import { causeName } from "../../src/report/cause-name.ts";
import { emptyRun } from "./sample-parts.ts";

const inGroups = (...groups: readonly FactGroup[]) =>
  buildReport({
    ...emptyRun,
    environmentChanges: groups.map(
      (group, rank): EnvironmentChange => ({
        key: `of.${group}`,
        group,
        label: group,
        before: 1,
        after: 2,
        weight: "breaking",
        rank,
      }),
    ),
  });

test("a changed environment is called by what changed", () => {
  expect(causeName("environment", inGroups("settings"))).toBe("engine settings");
  expect(causeName("environment", inGroups("engine", "packages", "settings"))).toBe(
    "engine, packages, engine settings",
  );
});

test("where nearly everything changed it is the environment", () => {
  expect(causeName("environment", inGroups("engine", "packages", "settings", "hardware"))).toBe("environment");
});

test("control: another cause keeps its name beside a change", () => {
  expect(causeName("weights", inGroups("settings"))).toBe("weights");
});
