import { describe, expect, test } from "@jest/globals";
import { xmlText } from "../../../src/report/escape/xml-text.ts";

describe("xmlText", () => {
  test.each([
    ["<b a='1'>&\"", "&lt;b a=&apos;1&apos;&gt;&amp;&quot;"],
    ["]]>", "]]&gt;"],
    ["a\u0000b\u202ec\ufffe", "a␀b\\u{202e}c\\u{fffe}"],
    ["  ::error::boom", "  &#58;:error::boom"],
    ["##vso[task] ##[group]", "##vso&#91;task] ##&#91;group]"],
    ["ggml::init [1]", "ggml::init [1]"],
  ])("writes %j as %j", (text, written) => {
    expect(xmlText(text)).toBe(written);
  });
});
