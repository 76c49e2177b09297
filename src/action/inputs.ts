/** The inputs of the action: what each takes, its default and its meaning; `action.yml` and docs/action.md say the same. */
import { z } from "zod";
import { recordModes } from "../commands/recording-selection.ts";
import { acceptPolicies } from "../model/golden-change.ts";
import { runtimeNames } from "../model/suite.ts";
import { type InputSpec, input, names } from "./input-spec.ts";
import { matrixValues } from "./matrix-values.ts";

/** Verdicts on a change, which a workflow may tolerate; what could not run always fails. */
export const tolerable = ["drift", "unstable", "environment-changed"] as const;
export type Tolerable = (typeof tolerable)[number];

const text = z.string();
const oneLine = text.refine((value) => !/[\r\n]/.test(value), "one line");
const flag = z.enum(["true", "false"]).transform((value) => value === "true");
const list = text.transform((value) => value.split(/[\s,]+/).filter((word) => word !== ""));
const failOn = list.pipe(
  z.union([
    z.tuple([z.literal("any")]).transform((): readonly Tolerable[] => tolerable),
    z.tuple([z.literal("none")]).transform((): readonly Tolerable[] => []),
    z.array(z.enum(tolerable)).min(1),
  ]),
);

/** Defaults that only `action.yml` can resolve. */
const tokenExpression = "$" + "{{ github.token }}";
const matrixExpression = "$" + "{{ toJSON(matrix) }}";

/** In the order of `action.yml`. */
export const inputSpecs = {
  mode: input(
    z.enum(["check", "record"]),
    "check",
    "check or record",
    "check compares with the goldens and never writes one; record writes goldens into the work tree, for a later step to commit.",
  ),
  suite: input(oneLine, "inference-gate/suite.yml", "a path", "The suite, relative to working-directory."),
  "working-directory": input(
    oneLine,
    ".",
    "a folder",
    "Where the gate runs, relative to the root of the repository; every path of the report is relative to it.",
  ),
  runtime: input(
    z.union([z.literal(""), z.enum(runtimeNames)]).transform((name) => (name === "" ? null : name)),
    "",
    names(runtimeNames),
    "Runs the engine with another runtime than the suite says.",
  ),
  cases: input(
    list,
    "",
    "ids or patterns with *, separated by spaces, commas or lines",
    "Only these cases; all when left out.",
  ),
  "fail-on": input(
    failOn,
    "any",
    `any, none, or some of ${tolerable.join(", ")}`,
    "The verdicts on a change that fail the job (mode check). A run that could not run, or not to its end, always fails.",
  ),
  "keep-going": input(
    flag,
    "false",
    "true or false",
    "Finish a case after it has split from its golden, to have its whole output in the transcript (mode check).",
  ),
  "record-mode": input(
    z.enum(recordModes),
    "missing",
    names(recordModes),
    "Which goldens to write: those of cases without one, also those of changed cases, or all anew (mode record).",
  ),
  reason: input(
    oneLine.pipe(z.string().max(500)),
    "",
    "one sentence of at most 500 characters",
    "Why the goldens change; written into the lock, and needed for every generation after the first (mode record).",
  ),
  "hf-cache": input(
    oneLine,
    "",
    "a folder",
    "The Hugging Face cache on the runner (a `hub` folder) that models are taken from; the runner's own HF_HUB_CACHE when left out.",
  ),
  "upload-report": input(
    z.enum(["always", "failure", "never"]),
    "always",
    "always, failure or never",
    "When the report and the transcript are uploaded as an artifact. They hold prompts and outputs.",
  ),
  "artifact-name": input(
    z.string().regex(/^[^":<>|*?\r\n\\/]{0,200}$/),
    "",
    'a name without any of " : < > | * ? \\ /',
    "Name of that artifact. When left out: inference-gate-report, in a job of a matrix with its values behind it.",
  ),
  "check-run": input(
    flag,
    "true",
    "true or false",
    "Write the verdict as a check run on the reviewed commit, where the token has checks: write.",
  ),
  "check-name": input(
    oneLine.pipe(z.string().max(100)),
    "",
    "a name of at most 100 characters",
    "Name of that check run. When left out: made of the suite's name, in a job of a matrix with its values behind it.",
  ),
  comment: input(
    flag,
    "false",
    "true or false",
    "Keep one comment on the pull request, where the token has pull-requests: write.",
  ),
  "accept-changes": input(
    z.union([z.literal(""), z.enum(acceptPolicies)]).transform((policy) => (policy === "" ? null : policy)),
    "",
    names(acceptPolicies),
    "Whether goldens that a pull request changes itself may pass (mode check). When left out, a reason in the lock is asked for where the base can be read, and a warning says where it cannot.",
  ),
  "allow-forks": input(
    flag,
    "false",
    "true or false",
    "Run pull requests from forks too. Whoever can open one can then run code on this machine: read docs/action.md first.",
  ),
  "allow-dependabot": input(
    flag,
    "false",
    "true or false",
    "Run pull requests of Dependabot too, whose changes nobody has read yet.",
  ),
  matrix: input(
    text.transform((json) => (json === matrixExpression ? "null" : json)).pipe(matrixValues),
    matrixExpression,
    "a mapping as JSON",
    "The values of this job in its matrix, from which the names of check run, comment and artifact are made; known without being given, but in a workflow that another one calls.",
  ),
  "github-token": input(
    text.transform((token) => (token === tokenExpression ? "" : token)),
    tokenExpression,
    "a token",
    "Not needed for the verdict, the annotations, the summary or the artifact; the engine never sees it.",
  ),
} as const satisfies { readonly [name: string]: InputSpec<z.ZodType> };

export type InputName = keyof typeof inputSpecs;
export type Inputs = { readonly [name in InputName]: z.output<(typeof inputSpecs)[name]["schema"]> };
