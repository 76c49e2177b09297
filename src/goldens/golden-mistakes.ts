/** Says what is wrong with a golden that could not be read: every mistake with its line and column. */
import { goldenField, goldenMisplaced, goldenSyntax, goldenVersionDiffers } from "../messages/goldens.ts";
import { quoted } from "../messages/quoted.ts";
import { GateError, type Problem, type SourceLocation } from "../model/problem.ts";
import { type JsonPath, jsonMistake, jsonPlaceOf } from "../platform/json-places.ts";
import { type FieldMistake, readGolden } from "./golden-fields.ts";
import { goldenVersion } from "./golden-schema.ts";

/** Mistakes shown of one golden; more say nothing new. */
const mostMistakes = 20;

/** Throws GateError with every mistake of the text; a file of another version has only that one. */
export function explainGolden(text: string, file: string): never {
  const syntax = jsonMistake(text);
  if (syntax !== null) {
    const { place, found, expected, isCutShort } = syntax;
    throw new GateError([goldenSyntax({ location: { file, ...place }, found, expected, isCutShort })]);
  }
  const value: unknown = JSON.parse(text);
  const place = (path: JsonPath): SourceLocation => ({ file, ...jsonPlaceOf(text, path) });
  const version = valueAt(value, ["version"]);
  if (typeof version === "number" && version !== goldenVersion) {
    const about = { found: String(version), known: goldenVersion, isNewer: version > goldenVersion };
    throw new GateError([goldenVersionDiffers({ location: place(["version"]), ...about })]);
  }
  const { mistakes } = readGolden(value, file);
  throw new GateError(mistakes.slice(0, mostMistakes).map((mistake) => problemOf(mistake, value, place(mistake.path))));
}

function problemOf({ path, kind, found, expected }: FieldMistake, value: unknown, location: SourceLocation): Problem {
  const field = path.length === 0 ? "file" : path.join(".");
  const says = found ?? inWords(valueAt(value, path));
  return kind === "place"
    ? goldenMisplaced({ location, field: field === "case" ? "case" : "hardware_class", found: says, expected })
    : goldenField({ location, field, found: says, expected });
}

function valueAt(value: unknown, path: JsonPath): unknown {
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = Reflect.get(at, step);
  }
  return at;
}

function inWords(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? quoted(value) : String(value);
}
