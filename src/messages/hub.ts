/** What can go wrong with a model of the Hugging Face hub: in the cache, and while it is fetched. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

interface OfModel {
  readonly name: string;
  readonly revision: string;
}
interface AtHub extends OfModel {
  readonly endpoint: string;
}

const at: SourceLocation = { file: "inference-gate/suite.yml", line: 9, column: 3 };
const commit = "12fd25f77366fa6b3b4b768ec3050bf629380bac";
const model: OfModel = { name: "org/model", revision: commit };
const hub: AtHub = { ...model, endpoint: "https://huggingface.co" };

const defaultSuite = "inference-gate/suite.yml";
const fetchCommand = (suite: string) =>
  `inference-gate fetch${suite === defaultSuite ? "" : ` --suite ${/^[\w./@-]+$/.test(suite) ? suite : JSON.stringify(suite)}`}`;
const ofModel = ({ name, revision }: OfModel) => `${name} at ${revision}`;
const listed = (names: readonly string[], most: number) =>
  names.length <= most ? names.join(", ") : `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(bytes < 10 * 2 ** 30 ? 2 : 0)} GiB`;

export const modelNotCached = message<
  OfModel & { location: SourceLocation; suite: string; cacheFolder: string; others: readonly string[] }
>(
  {
    code: "hub/model-not-cached",
    verdict: "error",
    explanation:
      "The suite names a model of the Hugging Face hub by its commit, and the cache on this machine does not hold that commit. A replay " +
      "never downloads: it runs without a network, so that nothing it uses can change behind its back. `inference-gate fetch` brings the " +
      "model in a step of its own. The cache is found as `huggingface_hub` finds it: HF_HUB_CACHE, HF_HOME/hub, ~/.cache/huggingface/hub.",
    example: { ...model, location: at, suite: defaultSuite, cacheFolder: "cache/huggingface/hub", others: [] },
  },
  ({ name, revision, location, suite, cacheFolder, others }) => ({
    title: `Model ${name} is not in the cache at the commit that the suite names.`,
    location,
    found: `no ${ofModel({ name, revision })} in ${cacheFolder}${others.length === 0 ? "" : `; there is ${listed(others, 3)}`}`,
    expected: "the files of that commit, fetched before",
    help: [
      `Fetch it where there is a network: ${fetchCommand(suite)}`,
      "On a machine without one, take the cache folder along and let HF_HUB_CACHE name it.",
      "A model from another place: name its folder in model.path.",
    ],
  }),
);

export const modelIncomplete = message<
  OfModel & { location: SourceLocation; suite: string; folder: string; missing: readonly string[] }
>(
  {
    code: "hub/model-incomplete",
    verdict: "error",
    explanation:
      "The cache holds the commit that the suite names, but not all of its files: a link leads nowhere, or the index of the weights names a " +
      "part that is not there. Most often a download was ended half-way, or blobs were removed to make room.",
    example: {
      ...model,
      location: at,
      suite: defaultSuite,
      folder: "models--org--model/snapshots/12fd25f7",
      missing: ["model-00002-of-00004.safetensors"],
    },
  },
  ({ name, location, suite, folder, missing }) => ({
    title: `Files of model ${name} are missing in the cache.`,
    location,
    found: `${folder} without ${listed(missing, 5)}`,
    expected: "every file that the model's index names",
    help: [`Fetch what is missing where there is a network: ${fetchCommand(suite)}`],
  }),
);

export const tokenizerNotCached = message<
  OfModel & { location: SourceLocation; cacheFolder: string; missing: readonly string[] }
>(
  {
    code: "hub/tokenizer-not-cached",
    verdict: "error",
    explanation:
      "engine.args names a tokenizer of a repository of its own, and the Hugging Face cache on this machine does not hold it at that commit, or " +
      "not whole. A replay never downloads; `inference-gate fetch --model` brings any repository in a step of its own.",
    example: { ...model, name: "org/tokenizer", location: at, cacheFolder: "cache/huggingface/hub", missing: [] },
  },
  ({ name, revision, location, cacheFolder, missing }) => ({
    title: `Tokenizer ${name} is not in the cache at the commit that engine.args names.`,
    location,
    found: `no ${missing.length === 0 ? `${name} at ${revision}` : listed(missing, 5)} in ${cacheFolder}`,
    expected: "the files of that commit, fetched before",
    help: [
      `Fetch it where there is a network: inference-gate fetch --model ${name} --revision ${revision}`,
      "Without `tokenizer` in engine.args the model's own is used.",
    ],
  }),
);

export const hubNameBad = message<{ name: string }>(
  {
    code: "hub/name-bad",
    verdict: "usage",
    explanation: "A model of the hub is called `org/model`: letters, digits, `.`, `_` and `-`, with one `/` at most.",
    example: { name: "../model" },
  },
  ({ name }) => ({
    title: "This is no name of a model on the hub.",
    found: quoted(name),
    expected: "org/model",
    help: ["Copy the name from the model's page."],
  }),
);

export const hubRevisionMoves = message<OfModel & { commit: string; location: SourceLocation | null }>(
  {
    code: "hub/revision-moves",
    verdict: "usage",
    explanation:
      "A branch or tag of a model repository can be moved at any time, and the goldens would be compared with another model. The suite " +
      "names the full commit id instead; the message tells which commit the name stands for now.",
    example: { ...model, revision: "main", commit, location: null },
  },
  ({ name, revision, commit: id, location }) => ({
    title: `Revision ${quoted(revision)} of ${name} can move.`,
    location,
    found: `${revision}, which is ${id} now`,
    expected: "the full commit id",
    help: [`Write revision: "${id}"`],
  }),
);

export const hubUnreachable = message<AtHub & { reason: string }>(
  {
    code: "hub/unreachable",
    verdict: "error",
    explanation:
      "The hub could not be reached, or the connection ended again and again without bringing a byte. What was fetched stays in the cache; the " +
      "next `fetch` goes on from there. HF_ENDPOINT names another hub, such as a mirror in the own network.",
    example: { ...hub, reason: "getaddrinfo ENOTFOUND huggingface.co" },
  },
  ({ endpoint, name, reason }) => ({
    title: `The hub did not answer while ${name} was fetched.`,
    found: `${endpoint}: ${reason}`,
    expected: "an answer",
    help: [
      "Run it again: it goes on where it was cut.",
      "Behind a firewall, let HF_ENDPOINT name a mirror that this machine can reach.",
      "Or fetch on another machine and take the cache folder along (HF_HUB_CACHE).",
    ],
  }),
);

export const hubModelUnknown = message<AtHub & { hasToken: boolean }>(
  {
    code: "hub/model-unknown",
    verdict: "error",
    explanation:
      "The hub answered 404: there is no such model, no such commit of it, or no such file. A private model looks the same to somebody " +
      "who may not see it.",
    example: { ...hub, hasToken: false },
  },
  ({ endpoint, name, revision, hasToken }) => ({
    title: "The hub does not know this model at this revision.",
    found: `${endpoint} answered 404 for ${ofModel({ name, revision })}`,
    expected: "a model and a revision that exist",
    help: [
      "Compare model.name and model.revision with the model's page, under Files.",
      hasToken
        ? "A private model: the account of HF_TOKEN must be allowed to read it."
        : "A private model needs HF_TOKEN.",
    ],
  }),
);

export const hubRefused = message<AtHub & { status: number; hasToken: boolean }>(
  {
    code: "hub/refused",
    verdict: "error",
    explanation:
      "The hub answered 401 or 403: the model is private, or gated, so that its conditions must be accepted on its page first. The token is " +
      "read from HF_TOKEN, is sent to the hub alone, and never reaches an engine.",
    example: { ...hub, status: 401, hasToken: false },
  },
  ({ endpoint, name, revision, status, hasToken }) => ({
    title: `The hub does not give ${name} to ${hasToken ? "the account of HF_TOKEN" : "somebody without a token"}.`,
    found: `${endpoint} answered ${status} for ${ofModel({ name, revision })}`,
    expected: "leave to read the model",
    help: [
      "A gated model: accept its conditions on its page, with the account that the token belongs to.",
      hasToken
        ? "Check that the token is valid and may read gated repositories."
        : "Set HF_TOKEN to a token that may read it; in a workflow from a secret, in this step only.",
    ],
  }),
);

export const hubAnswered = message<AtHub & { status: number; reason: string }>(
  {
    code: "hub/unexpected-answer",
    verdict: "error",
    explanation: "The hub, or something between here and there, answered in a way that is none of its documented ones.",
    example: { ...hub, status: 502, reason: "Bad Gateway" },
  },
  ({ endpoint, name, revision, status, reason }) => ({
    title: "The hub gave an answer that cannot be used.",
    found: `${endpoint} answered ${status} for ${ofModel({ name, revision })}: ${quoted(reason)}`,
    expected: "the answer of a Hugging Face hub",
    help: ["Run it again later.", "If HF_ENDPOINT is set, check that it is a hub."],
  }),
);

export const hubDigestWrong = message<
  AtHub & { file: string; expected: string; found: string; bytes: number; expectedBytes: number }
>(
  {
    code: "hub/digest-wrong",
    verdict: "error",
    explanation:
      "The content that arrived is not the content that the hub lists for this commit. It was thrown away. A proxy that rewrites, a mirror " +
      "that is broken, or a partial file left by another tool are the likely reasons.",
    example: {
      ...hub,
      file: "model.safetensors",
      expected: "5af571cb",
      found: "00ff00ff",
      bytes: 10,
      expectedBytes: 10,
    },
  },
  ({ endpoint, file, expected, found, bytes, expectedBytes }) => ({
    title: `${file} did not arrive as the hub lists it.`,
    found: `digest ${found}, ${bytes} bytes, from ${endpoint}`,
    expected: `digest ${expected}, ${expectedBytes} bytes`,
    help: [
      "Run it again: the file is fetched from its beginning.",
      "If it stays so, fetch without the proxy or mirror.",
    ],
  }),
);

export const hubNoSpace = message<{ folder: string; needed: number; free: number | null }>(
  {
    code: "hub/no-space",
    verdict: "error",
    explanation:
      "The disk of the cache has no room for the model. It is checked before the first byte, and what was fetched stays, so that nothing is " +
      "fetched twice once there is room.",
    example: { folder: "cache/huggingface/hub", needed: 21_474_836_480, free: 1_073_741_824 },
  },
  ({ folder, needed, free }) => ({
    title: "The cache has no room for the model.",
    found: free === null ? `no space left on the device of ${folder}` : `${gibibytes(free)} free for ${folder}`,
    expected: `${gibibytes(needed)} more`,
    help: [
      "Remove models that are not used any more (hf cache ls, hf cache rm).",
      "Or let HF_HUB_CACHE name a folder on a larger disk, for fetch and for check.",
    ],
  }),
);

export const hubMessages = [
  modelNotCached,
  modelIncomplete,
  tokenizerNotCached,
  hubNameBad,
  hubRevisionMoves,
  hubUnreachable,
  hubModelUnknown,
  hubRefused,
  hubAnswered,
  hubDigestWrong,
  hubNoSpace,
];
