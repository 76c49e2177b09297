/** Every message has a code of its own, can be explained, and is complete. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "@jest/globals";
import type { Message } from "../../src/messages/message.ts";
import { repositoryPaths } from "./tracked-files.ts";

const isMessage = (value: unknown): value is Message<unknown> =>
  typeof value === "function" && "code" in value && "explanation" in value && "example" in value;

// One after the other: jest links modules that are asked for at once before what they share is there.
const rooms: { readonly exports: readonly unknown[] }[] = [];
for (const path of repositoryPaths().filter((one) => /^src\/messages\/[^/]+\.ts$/.test(one)))
  rooms.push({ exports: Object.values(await import(pathToFileURL(resolve(path)).href)) });
// A file may pass on the messages of another: each counts once.
const messages = [...new Set(rooms.flatMap(({ exports }) => exports.filter(isMessage)))];

describe("messages", () => {
  test("are there to be judged", () => {
    expect(messages.length).toBeGreaterThan(20);
  });

  test("have codes that no other message has", () => {
    const codes = messages.map(({ code }) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  test("have codes of the form room/what-is-wrong", () => {
    expect(messages.map(({ code }) => code).filter((code) => !/^[a-z]+\/[a-z0-9]+(?:-[a-z0-9]+)*$/.test(code))).toEqual(
      [],
    );
  });

  test("are all in the list of their file, so that the catalogue shows them", () => {
    const unlisted = rooms.flatMap(({ exports }) => {
      const listed = exports.filter(Array.isArray).flat();
      return exports.filter(isMessage).filter((message) => !listed.includes(message));
    });
    expect(unlisted.map(({ code }) => code)).toEqual([]);
  });

  test("have a title of one line, an explanation and a next step in their example", () => {
    const incomplete = messages.filter((message) => {
      const problem = message(message.example);
      return (
        problem.title === "" ||
        problem.title.includes("\n") ||
        problem.help.length === 0 ||
        message.explanation.length < 40
      );
    });
    expect(incomplete.map(({ code }) => code)).toEqual([]);
  });
});
