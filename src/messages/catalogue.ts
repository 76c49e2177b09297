/** Every message in one list, so that a code can be looked up and a gallery can show them all. */
import { acceptMessages } from "./accept.ts";
import { actionMessages } from "./action.ts";
import { artifactsMessages } from "./artifacts.ts";
import { commandsMessages } from "./commands.ts";
import { demoMessages } from "./demo.ts";
import { enginesMessages } from "./engines.ts";
import { environmentMessages } from "./environment.ts";
import { gitHubMessages } from "./github.ts";
import { goldenChangesMessages } from "./golden-changes.ts";
import { goldensMessages } from "./goldens.ts";
import { gpuMessages } from "./gpu.ts";
import { hubMessages } from "./hub.ts";
import { publishMessages } from "./publish.ts";
import { recordingMessages } from "./recording.ts";
import { replayMessages } from "./replay.ts";
import { reportMessages } from "./report.ts";
import { runtimesMessages } from "./runtimes.ts";
import { runtimesContainerMessages } from "./runtimes-container.ts";
import { runtimesImageMessages } from "./runtimes-image.ts";
import { runtimesPlaceMessages } from "./runtimes-place.ts";
import { suiteMessages } from "./suite.ts";
import { transcriptMessages } from "./transcript.ts";

/** In the order in which a user meets the rooms. */
export const catalogue = [
  ...suiteMessages,
  ...goldensMessages,
  ...goldenChangesMessages,
  ...recordingMessages,
  ...transcriptMessages,
  ...hubMessages,
  ...enginesMessages,
  ...runtimesMessages,
  ...runtimesPlaceMessages,
  ...runtimesContainerMessages,
  ...runtimesImageMessages,
  ...environmentMessages,
  ...gpuMessages,
  ...replayMessages,
  ...reportMessages,
  ...commandsMessages,
  ...acceptMessages,
  ...gitHubMessages,
  ...artifactsMessages,
  ...publishMessages,
  ...actionMessages,
  ...demoMessages,
];

/** Most codes offered for one that does not exist. */
const mostOffered = 3;

/** Paragraphs, one a line: the code and what it means. Null when there is no such code. */
export function explanationOf(code: string): readonly string[] | null {
  const found = catalogue.find((message) => message.code === code);
  return found === undefined ? null : [found.code, "", found.explanation];
}

/** At most three codes that may have been meant, most alike first: the part after the room, a part of it, or a slip of the pen. */
export function codesLike(target: string): readonly string[] {
  const wanted = target.toLowerCase();
  return catalogue
    .map(({ code }) => ({ code, slips: slipsBetween(wanted, code) }))
    .filter(({ slips }) => slips !== null)
    .sort((a, b) => (a.slips ?? 0) - (b.slips ?? 0))
    .slice(0, mostOffered)
    .map(({ code }) => code);
}

/** 0 when one holds the other; the edit distance where it is small; null when they have nothing in common. */
function slipsBetween(wanted: string, code: string): number | null {
  if (wanted.length < 4 || wanted.length > 100) return null;
  if (code.includes(wanted)) return 0;
  const [, name = code] = code.split("/");
  const slips = Math.min(editDistance(wanted, code), editDistance(wanted, name));
  return slips <= Math.floor(wanted.length / 4) ? slips : null;
}

/** Levenshtein: insertions, deletions and replacements of single code units. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
