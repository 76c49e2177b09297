import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { descend, parseXml } from "../../src/environment/xml-element.ts";

describe("parseXml", () => {
  test("reads elements, text and entities, and passes over attributes, comments and declarations", () => {
    const root = parseXml(
      '<?xml version="1.0" ?>\n<!DOCTYPE a SYSTEM "a.dtd">\n<a id="x > y">\n<!-- <b> --><b>1 &lt; 2 &amp; 3</b><c/></a>\n',
    );
    expect(root).toEqual({
      name: "a",
      text: "",
      children: [
        { name: "b", text: "1 < 2 & 3", children: [] },
        { name: "c", text: "", children: [] },
      ],
    });
  });

  test.each([
    ["nothing", ""],
    ["text only", "No devices were found"],
    ["an element that is not closed", "<a><b></b>"],
    ["elements closed crosswise", "<a><b></a></b>"],
    ["two roots", "<a></a><b></b>"],
    ["text behind the root", "<a></a>rest"],
    ["a tag cut in the middle", "<a><b>1</b></"],
  ])("refuses %s", (_, document) => {
    expect(parseXml(document)).toBeNull();
  });

  test("refuses a document that is nested too deeply instead of following it down", () => {
    expect(parseXml(`${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}`)).toBeNull();
  });

  test("never throws, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("<a>", "</a>", "<b/>", "<!--", "-->", "<", ">", "&lt;", "x", "<?")),
        (parts) => {
          parseXml(parts.join(""));
        },
      ),
    );
  });

  test("descends by names to the first of each", () => {
    const root = parseXml("<a><b><c>1</c></b><b><c>2</c></b></a>");
    expect(root && descend(root, "b", "c")?.text).toBe("1");
    expect(root && descend(root, "b", "d")).toBeNull();
  });
});
