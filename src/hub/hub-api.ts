/** The only conversation with the hub's API: which commit a revision is, and which files it has. */
import { HubApiError, listFiles, modelInfo } from "@huggingface/hub";
import { hubAnswered, hubModelUnknown, hubRefused, hubUnreachable } from "../messages/hub.ts";
import { GateError, type Problem } from "../model/problem.ts";
import { causeOf, reasonOf } from "../platform/thrown.ts";

export interface Hub {
  /** Without a slash at its end; `https://huggingface.co` unless a mirror is used. */
  readonly endpoint: string;
  /** Sent to the endpoint only, never to a server that it redirects to. */
  readonly token: string | null;
  readonly signal: AbortSignal;
}

export interface HubFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** sha256 of a large file's content; of any other the id that git gives its content. */
  readonly digest: { readonly kind: "sha256" | "git"; readonly hex: string };
}

export const defaultEndpoint = "https://huggingface.co";

/** The endpoint and token of the environment; the token is for the hub alone. */
export function hubOf(env: { readonly [name: string]: string | undefined }, signal: AbortSignal): Hub {
  const endpoint = (env.HF_ENDPOINT ?? "").trim().replace(/\/+$/, "");
  const token = (env.HF_TOKEN ?? "").trim();
  return { endpoint: endpoint === "" ? defaultEndpoint : endpoint, token: token === "" ? null : token, signal };
}

/** `fetch` that shows the token to the endpoint only. Errors: those of `fetch`, and the signal's reason. */
export function hubFetch({ endpoint, token, signal }: Hub): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.delete("authorization");
    const url = input instanceof Request ? input.url : String(input);
    if (token !== null && new URL(url).origin === new URL(endpoint).origin)
      headers.set("authorization", `Bearer ${token}`);
    return fetch(input, { ...init, headers, signal: init?.signal ?? signal });
  };
}

/** The commit that a revision is now. Throws GateError. */
export function commitOf(hub: Hub, name: string, revision: string): Promise<string> {
  return asking(hub, name, revision, async () => {
    const { sha } = await modelInfo({
      name,
      revision,
      additionalFields: ["sha"],
      hubUrl: hub.endpoint,
      fetch: hubFetch(hub),
    });
    return sha;
  });
}

/** Every file of a commit; a name that could leave the folder is refused. Throws GateError. */
export function filesOf(hub: Hub, name: string, revision: string): Promise<readonly HubFile[]> {
  return asking(hub, name, revision, async () => {
    const files: HubFile[] = [];
    const repo = { type: "model", name } as const;
    for await (const entry of listFiles({
      repo,
      revision,
      recursive: true,
      hubUrl: hub.endpoint,
      fetch: hubFetch(hub),
    })) {
      if (entry.type !== "file") continue;
      const kind = entry.lfs === undefined ? "git" : "sha256";
      const hex = entry.lfs?.oid ?? entry.oid ?? "";
      const isSound =
        isPlainPath(entry.path) && /^[0-9a-f]+$/.test(hex) && hex.length === { git: 40, sha256: 64 }[kind];
      if (!isSound)
        throw new GateError([
          hubAnswered({
            ...asked(hub, name, revision),
            status: 200,
            reason: `an entry ${JSON.stringify(entry.path)} that is no file name with a digest`,
          }),
        ]);
      files.push({ path: entry.path, bytes: entry.lfs?.size ?? entry.size, digest: { kind, hex } });
    }
    return files;
  });
}

function isPlainPath(path: string): boolean {
  return (
    path.length <= 500 &&
    !/[\0-\x1f\\:]/.test(path) &&
    path.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  );
}

const asked = (hub: Hub, name: string, revision: string) => ({ endpoint: hub.endpoint, name, revision });

async function asking<T>(hub: Hub, name: string, revision: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    hub.signal.throwIfAborted();
    if (error instanceof GateError) throw error;
    const about = asked(hub, name, revision);
    throw new GateError([
      error instanceof HubApiError
        ? statusProblem(error.statusCode, error.message, hub, about)
        : hubUnreachable({ ...about, reason: reasonOf(causeOf(error)) }),
    ]);
  }
}

/** What a status of the hub means to a person. */
export function statusProblem(
  status: number,
  reason: string,
  { token }: Pick<Hub, "token">,
  about: { readonly endpoint: string; readonly name: string; readonly revision: string },
): Problem {
  const hasToken = token !== null;
  if (status === 401 || status === 403) return hubRefused({ ...about, status, hasToken });
  return status === 404 ? hubModelUnknown({ ...about, hasToken }) : hubAnswered({ ...about, status, reason });
}
