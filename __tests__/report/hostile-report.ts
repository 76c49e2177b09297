/** Text as a hostile model, file or pull request would write it, and reports that hold it wherever a text can come from outside. */
import fc from "fast-check";
import type { Report } from "../../src/report/report.ts";

/** Each breaks out of one surface or another, or hides something there. */
export const injections: readonly string[] = [
  "<script>globalThis.owned = 1</script>",
  "</script><script>globalThis.owned = 1</script><!--",
  "</SCRIPT\n><svg/onload=globalThis.owned=1>",
  "<!--<script>",
  "-->",
  "]]>",
  "<img src=x onerror='globalThis.owned = 1'>",
  '"><iframe srcdoc="<script>parent.owned = 1</script>"></iframe>',
  "' onmouseover='globalThis.owned = 1",
  '<a href="javascript:globalThis.owned = 1">x</a>',
  "<style>* { display: none }</style><link rel=stylesheet href=https://evil.invalid/x.css>",
  "<base href=https://evil.invalid/><meta http-equiv=refresh content='0;url=https://evil.invalid/'>",
  "&lt;script&gt; &amp; &#x3c;script&#x3e; &undefined;",
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
  "{{constructor.constructor('globalThis.owned = 1')()}} #{globalThis.owned = 1} {0}",
  "[click](https://evil.invalid/) ![x](https://evil.invalid/x.png) <https://evil.invalid/>",
  "@everyone @octocat #1 GH-1 https://evil.invalid/ www.evil.invalid",
  "\u001b[2J\u001b[31mred\u001b]8;;https://evil.invalid/\u0007link\u001b]8;;\u0007 \u009b31m",
  "::error file=app.js,line=1::boom\n::set-output name=x::y\r\n##[error]boom ##vso[task.complete]",
  '=HYPERLINK("https://evil.invalid/"),+1+1,@SUM(A1)',
  "safe\u202egnp.exe\u2066 zero\u200bwidth\ufeff \u2028line\u2029paragraph \u00ad",
  "nul\u0000 bell\u0007 back\u0008space delete\u007f next\u0085line \ufffe\uffff",
  "lone \ud800 surrogates \udc00 \ud83d",
  "::add-mask::a\r::set-output name=verdict::match\u2028::stop-commands::x",
  "%0A::error::boom%0D%0A::add-mask::b%253A%2C",
  "@team/owners @octo-cat team/model#1 ##1 octocat@0a1b2c3d mailto:a@evil.invalid ftp://evil.invalid",
  "[x](javascript:globalThis.owned=1) ![y](data:text/html,<script>globalThis.owned=1</script>)\n\n[x]: https://evil.invalid",
  "</code></pre></details></td></table>```\n~~~\n| a | b |\n|---|---|\n# heading\n- [x] done",
  "\u001b]8;;file:///etc/passwd\u001b\\\u001b]52;c;cm0gLXJm\u0007\u001bP$q\u001b\\\u009d0;title\u009c\u0090x\u009c\u0085",
  "=cmd|' /C calc'!A0\t-2+3\u0009@A1",
  "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u{1d5ba}\u{20000} \u061c\u200e\u200f\u2067\u2069 \u180e\u3164\uffa0",
  '<?xml version="1.0"?><![CDATA[x]]><!-- a -- b --> \\u003c/script\\u003e',
  "$(touch owned) `touch owned` $\u{7b}{ github.token }} ; touch owned",
  "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309 \u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{e0041}\u{e0042}",
  "__proto__",
  "constructor",
];

/** Any text, the injections and mixtures of what they are made of. */
export const hostileText = fc.oneof(
  fc.constantFrom(...injections),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        ...["::error::x", "##[error]", "##", "[", "]", "(", "\n", "\r", "\x1b[31m", "\x9b", "\u202e", " ", "\ud800"],
        ...["<", ">", "</script>", "<!--", "&", '"', "'", "]]>", "{0}", "\\", "\u0000", "\uffff"],
        ...["</code>", "</details>", "&lt;", "&#60;", "@octocat", "#12", "GH-7", ":tada:", "a@evil.invalid"],
        ...["https://evil.invalid/x", "www.evil.invalid", "[x](https://evil.invalid)", "[x]: https://evil.invalid"],
        ...["`", "```", "~~~", "|", "\\|", "*", "**", "_", "__", "~~", "# ", "> ", "- ", "1. ", "===", "---", "$x$"],
      ),
    )
    .map((parts) => parts.join("")),
);

const own = new Set([
  ...["verdict", "command", "weight", "cause", "kind", "unit", "tier", "mode", "policy", "startedAt", "$schema"],
]);

/** Every text that can come from outside, replaced; numbers, verdicts and enums stay. */
export function withEveryText(report: Report, text: string): Report {
  const replaced: unknown = JSON.parse(JSON.stringify(report), (key, value) =>
    typeof value === "string" && !own.has(key) ? text : value,
  );
  return replaced as Report;
}
