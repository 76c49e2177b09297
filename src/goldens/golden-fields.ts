/** The checks of a golden's fields, from parsed JSON to the golden and every mistake on the way. */
import type { z } from "zod";
import { parseCaseId } from "../model/case.ts";
import type { Completion } from "../model/completion.ts";
import { completionShapeMistakes } from "../model/completion-shape.ts";
import { type Digest, parseDigest } from "../model/digest.ts";
import { parseHardwareClass } from "../model/fingerprint.ts";
import type { Golden, GoldenContent } from "../model/golden.ts";
import type { JsonPath } from "../platform/json-places.ts";
import { float32FromBase64, uint32FromBase64 } from "../platform/little-endian.ts";
import { fullGoldenHeadSchema, redactedGoldenSchema } from "./golden-schema.ts";

/** `found` is null where the value itself says it. */
export interface FieldMistake {
  readonly path: JsonPath;
  readonly kind: "field" | "place";
  readonly found: string | null;
  readonly expected: string;
}

export interface ReadGolden {
  /** Null when the fields are too broken to build one. */
  readonly golden: Golden | null;
  readonly mistakes: readonly FieldMistake[];
}

type Head = z.infer<typeof fullGoldenHeadSchema> | z.infer<typeof redactedGoldenSchema>;
type Report = (path: JsonPath, expected: string, found?: string) => void;

/** `value` is the parsed file. The golden is to be used only without mistakes. */
export function readGolden(value: unknown, file: string): ReadGolden {
  const mistakes: FieldMistake[] = [];
  const report: Report = (path, expected, found) => {
    mistakes.push({ path, kind: "field", expected, found: found ?? null });
  };
  const isRedacted = typeof value === "object" && value !== null && "redacted" in value;
  const parsed = isRedacted ? redactedGoldenSchema.safeParse(value) : fullGoldenHeadSchema.safeParse(value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) reportIssue(issue, report);
    return { golden: null, mistakes };
  }
  const head = parsed.data;
  const [caseId, hardwareClass] = [parseCaseId(head.case), parseHardwareClass(head.hardware_class)];
  if (caseId === null) report(["case"], "a case id that is a file name on every system");
  if (hardwareClass === null) report(["hardware_class"], "a hardware class");
  mistakes.push(...placeMistakes(head, file));
  const content = contentOf(head, report);
  const { generation, sampling, repeats } = head;
  const [contract, prompt] = [parseDigest(head.contract), parseDigest(head.prompt.digest)];
  if (caseId === null || hardwareClass === null || contract === null || prompt === null)
    return { golden: null, mistakes };
  const agreed = { launches: repeats.launches, perLaunch: repeats.per_launch, agreed: repeats.agreed };
  const about = { caseId, hardwareClass, generation, contract, prompt, sampling, repeats: agreed };
  return { golden: content === null ? null : { ...about, content }, mistakes };
}

function reportIssue(issue: z.core.$ZodIssue, report: Report): void {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) report([...path, key], "no such field", "an unknown field");
  } else report(path, issue.message);
}

/** The last two names of the path are the hardware class and the case. */
function placeMistakes(head: Head, file: string): readonly FieldMistake[] {
  const [name = "", folder] = file.split(/[\\/]/).reverse();
  const expectedId = name.replace(/\.json$/, "");
  const mistakes: FieldMistake[] = [];
  const differs = (field: string, expected: string) =>
    mistakes.push({ path: [field], kind: "place", found: null, expected });
  if (head.case !== expectedId) differs("case", `${JSON.stringify(expectedId)}, after its file name`);
  if (folder !== undefined && head.hardware_class !== folder) {
    differs("hardware_class", `${JSON.stringify(folder)}, after its folder`);
  }
  return mistakes;
}

function contentOf(head: Head, report: Report): GoldenContent | null {
  const { finish_reason: finishReason } = head;
  if ("redacted" in head) {
    const { text: textDigest, token_ids, logprobs, output_digest, token_count: tokenCount } = head.redacted;
    const text = parseDigest(textDigest);
    if ((token_ids === null) !== (tokenCount === null)) {
      report(["redacted", "token_count"], "a number exactly when there is a digest of the token ids");
    }
    if (text === null) return null;
    const digests = { text, tokenIds: digestOrNull(token_ids), logprobs: digestOrNull(logprobs) };
    const promptTokenIds = digestOrNull(head.prompt.token_ids_digest);
    const outputDigest = digestOrNull(output_digest);
    return { kind: "redacted", completion: { ...digests, promptTokenIds, outputDigest, tokenCount, finishReason } };
  }
  const completion: Completion = {
    promptTokenIds: idsOf(head.prompt.token_ids, ["prompt", "token_ids"], report),
    tokenIds: idsOf(head.token_ids, ["token_ids"], report),
    logprobs: base64Of(head.logprobs, ["logprobs"], "float32", float32FromBase64, report),
    margins: base64Of(head.margins, ["margins"], "float32", float32FromBase64, report),
    textEnds: base64Of(head.text_ends, ["text_ends"], "uint32", uint32FromBase64, report),
    text: textOf(head.text, report),
    outputDigest: digestOrNull(head.output_digest),
    finishReason,
  };
  for (const { field, found, expected } of completionShapeMistakes(completion)) {
    report([field === "textEnds" ? "text_ends" : field], expected, found);
  }
  return { kind: "full", completion };
}

const digestOrNull = (text: string | null): Digest | null => (text === null ? null : parseDigest(text));

function idsOf(value: unknown, path: JsonPath, report: Report): Uint32Array | null {
  if (value === null) return null;
  if (!Array.isArray(value)) {
    report(path, "a list of token ids, or null");
    return null;
  }
  const ids = new Uint32Array(value.length);
  for (let index = 0; index < ids.length; index += 1) {
    const id: unknown = value[index];
    if (typeof id === "number" && id >>> 0 === id) ids[index] = id;
    else report([...path, index], "a token id (a whole number from 0 to 4294967295)");
  }
  return ids;
}

function base64Of<A>(
  value: unknown,
  path: JsonPath,
  type: string,
  decode: (base64: string) => A | null,
  report: Report,
): A | null {
  if (value === null) return null;
  const array = typeof value === "string" ? decode(value) : null;
  if (array === null) report(path, `base64 of little-endian ${type} numbers, or null`);
  return array;
}

function textOf(value: unknown, report: Report): string {
  if (!Array.isArray(value)) {
    report(["text"], "a list of lines");
    return "";
  }
  const lines: unknown[] = value;
  const last = lines.length - 1;
  for (let index = 0; index <= last; index += 1) {
    const line = lines[index];
    if (typeof line !== "string" || line === "") {
      report(["text", index], "a line of text");
      continue;
    }
    const feed = line.indexOf("\n");
    const isLine = feed === line.length - 1 || (feed === -1 && index === last);
    if (!isLine) report(["text", index], index === last ? "one line" : "one line that ends in \\n");
  }
  return lines.join("");
}
