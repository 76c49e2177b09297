/** Holds source files against the laws; each breach names the law, the file and the reason. */
import { builtinModules } from "node:module";
import { basename, dirname, join } from "node:path/posix";
import {
  emptyNames,
  impureGlobals,
  impureMembers,
  lineLimits,
  markupMakers,
  packageHomes,
  purePackages,
  rooms,
} from "./laws.ts";
import { readSyntax, type SourceFile, type Syntax } from "./source-file.ts";

export type Law = "rooms" | "pure" | "markup" | "homes" | "declared" | "length" | "head" | "names";

export interface Breach {
  readonly law: Law;
  readonly file: string;
  /** What is wrong, and why it matters. */
  readonly what: string;
}

/** Every breach in the files of `src/`; `dependencies` are the packages that the bundle may contain. */
export function breaches(files: readonly SourceFile[], dependencies: readonly string[]): Breach[] {
  const read = files.map((file) => ({ file, syntax: readSyntax(file.text) }));
  return [
    ...read.flatMap(({ file, syntax }) => [
      ...roomBreaches(file, syntax),
      ...pureBreaches(file, syntax),
      ...markupBreaches(file),
      ...declaredBreaches(file, syntax, dependencies),
      ...formBreaches(file),
    ]),
    ...homeBreaches(read),
  ];
}

const roomOf = (path: string): string => path.split("/")[1] ?? "";
const isRelative = (specifier: string) => specifier.startsWith(".");
const isBuiltin = (specifier: string) => specifier.startsWith("node:") || builtinModules.includes(specifier);
const packageOf = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

function roomBreaches({ path }: SourceFile, { imports }: Syntax): Breach[] {
  const name = roomOf(path);
  const room = rooms[name];
  if (room === undefined || path.split("/").length < 3) {
    return [
      {
        law: "rooms",
        file: path,
        what: `"${name}" is no room: write its row into laws.ts and docs/architecture.md first`,
      },
    ];
  }
  return imports.filter(isRelative).flatMap((specifier) => {
    const target = join(dirname(path), specifier);
    const [source, targetRoom = "", ...rest] = target.split("/");
    const allowed = room.mayImport.includes(targetRoom) || room.mayImport.includes([targetRoom, ...rest].join("/"));
    if (source === "src" && (targetRoom === name || allowed)) return [];
    return [{ law: "rooms" as const, file: path, what: `imports ${target}, which ${name} may not: ${room.reason}` }];
  });
}

function pureBreaches({ path }: SourceFile, { imports, names }: Syntax): Breach[] {
  const room = rooms[roomOf(path)];
  if (room === undefined || !room.pure) return [];
  const foreign = imports.filter((specifier) => !isRelative(specifier) && !purePackages.includes(packageOf(specifier)));
  const impure = [...impureGlobals, ...impureMembers].filter((name) => names.has(name));
  return [...foreign, ...impure].map((what) => ({
    law: "pure",
    file: path,
    what: `names ${what} in a pure room: ${room.reason}`,
  }));
}

function markupBreaches({ path, text }: SourceFile): Breach[] {
  const [found] = markupMakers.exec(text) ?? [];
  if (roomOf(path) !== "page" || found === undefined) return [];
  return [{ law: "markup", file: path, what: `names ${found}: on a page text stays text, and nothing is fetched` }];
}

function declaredBreaches({ path }: SourceFile, { imports }: Syntax, dependencies: readonly string[]): Breach[] {
  return imports
    .filter(
      (specifier) => !isRelative(specifier) && !isBuiltin(specifier) && !dependencies.includes(packageOf(specifier)),
    )
    .map((specifier) => ({
      law: "declared",
      file: path,
      what: `imports ${specifier}, which is no dependency in package.json: the bundle would not contain it`,
    }));
}

function formBreaches({ path, text }: SourceFile): Breach[] {
  const found: Breach[] = [];
  const lines = text.replace(/\n$/, "").split("\n").length;
  const limit = lineLimits.find(({ pattern }) => pattern.test(path));
  if (limit !== undefined && lines > limit.lines) {
    found.push({ law: "length", file: path, what: `has ${lines} lines, more than ${limit.lines}: ${limit.reason}` });
  }
  if (!/^(?:#!.*\n)?\/\*\*\s+\S/.test(text)) {
    found.push({
      law: "head",
      file: path,
      what: "does not begin with one sentence in /** … */ that says what it is for",
    });
  }
  for (const word of [...dirname(path).split("/"), basename(path, ".ts")]) {
    if (emptyNames.test(word)) found.push({ law: "names", file: path, what: `"${word}" does not say what it decides` });
  }
  return found;
}

function homeBreaches(read: readonly { readonly file: SourceFile; readonly syntax: Syntax }[]): Breach[] {
  return packageHomes.flatMap(({ prefix, room, files, reason }) => {
    const users = read.filter(({ syntax }) => syntax.imports.some((specifier) => specifier.startsWith(prefix)));
    const strangers = users.filter(({ file }) => roomOf(file.path) !== room);
    const surplus = users.filter(({ file }) => roomOf(file.path) === room).slice(files);
    return [...strangers, ...surplus].map(({ file }) => ({
      law: "homes" as const,
      file: file.path,
      what: `imports ${prefix}, whose one home is src/${room}: ${reason}`,
    }));
  });
}
