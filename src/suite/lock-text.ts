/** The lock as the file that is committed: YAML in a fixed order, so that a diff shows what changed and nothing else. */
import { Document, Scalar, visit } from "yaml";
import type { Json } from "../model/json.ts";
import type { Lock, LockedClass } from "../model/lock.ts";
import { toHeadings } from "./lock-facts.ts";
import { lockFormat, lockKind } from "./lock-schema.ts";
import { schemaLine } from "./schema-files.ts";

const note =
  "# Written by `inference-gate record` and `accept`. Do not edit it by hand: checks trust it, and `check --base` tells what a change edits.";

/** Ends with a line break; classes, goldens, facts and contract fields are sorted, generations newest first. */
export function lockText(lock: Lock): string {
  const classes = byName(lock.classes).map(([name, locked]): [string, Json] => [name, classValue(locked)]);
  const document = new Document(
    { kind: lockKind, version: lockFormat, suite: lock.suite, classes: Object.fromEntries(classes) },
    { aliasDuplicateObjects: false },
  );
  visit(document, {
    Scalar(_, node) {
      // A text that another reader could take for something else, or that holds anything but plain characters, is quoted.
      if (typeof node.value === "string" && !isPlain(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const body = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  return `${schemaLine("lock")}\n${note}\n${body}`;
}

const isPlain = (text: string) =>
  /^[A-Za-z0-9][A-Za-z0-9 ._/()+=:,-]*$/.test(text) && !/: |\s$|:$|^[0-9.eE+_:-]+$|^0[xo]/.test(text);

function classValue({ generations, contract, environment, goldens }: LockedClass): Json {
  const facts = toHeadings(environment);
  return {
    generations: generations.map(({ generation, reason, recordedAt, recordedBy, accepted }) => ({
      generation,
      reason,
      recorded_at: recordedAt,
      recorded_by: recordedBy,
      ...(accepted === null
        ? {}
        : { accepted: { run: accepted.run, commit: accepted.commit, checked_at: accepted.checkedAt } }),
    })),
    contract: sorted({ ...contract }),
    environment: sorted({ ...facts.environment }),
    goldens: Object.fromEntries(
      byName(goldens).map(([id, golden]): [string, Json] => [
        id,
        { digest: golden.digest, contract: golden.contract, generation: golden.generation },
      ]),
    ),
    // Last, since they are long and rarely read.
    ...(Object.keys(facts.packages).length > 0 ? { packages: sorted({ ...facts.packages }) } : {}),
    ...(Object.keys(facts.settings).length > 0 ? { settings: sorted({ ...facts.settings }) } : {}),
  };
}

function byName<Name extends string, Value>(map: ReadonlyMap<Name, Value>): [Name, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function sorted(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(sorted);
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] ?? null)]));
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
