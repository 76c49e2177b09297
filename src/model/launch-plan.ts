/** How an engine is to be started, as data: an engine writes it, a runtime executes it, neither knows the other. */
import type { Fact } from "./fingerprint.ts";

/** A word of the command line: text, or a slot that the runtime fills in. */
export type LaunchWord =
  | string
  /** Filled with the port or host that the engine shall listen on; `prefix` allows `--port=…`. */
  | { readonly slot: "port" | "host"; readonly prefix?: string }
  /** A file or folder of the host; a container runtime mounts it read-only and fills in its path inside. */
  | { readonly hostPath: string; readonly prefix?: string };

/** Ready when every strategy holds. */
export type Readiness =
  /** `GET path` answers with this status. */
  | { readonly kind: "http"; readonly path: string; readonly status: number }
  /** A line of the engine's log contains this text. */
  | { readonly kind: "log"; readonly contains: string }
  /** The first line on stdout is a protocol message of this type; with `skipsPrints` the first that is any message, whatever was printed before it. */
  | { readonly kind: "message"; readonly type: string; readonly skipsPrints?: true };

export interface LaunchPlan {
  readonly argv: readonly [LaunchWord, ...LaunchWord[]];
  /** The whole environment beyond the runtime's short allow-list. */
  readonly env: { readonly [name: string]: string };
  /** Folder the command runs in, on the host. */
  readonly workingDirectory: string;
  readonly transport: "http" | "stdio";
  readonly readiness: readonly Readiness[];
  readonly startupTimeoutMs: number;
  /** From the polite signal to the certain one. */
  readonly stopTimeoutMs: number;
  /** What to try when the start fails, most likely first. */
  readonly hints: readonly string[];
  /** URL of a server that somebody else started; only the `attached` runtime reads it. */
  readonly attachedUrl: string | null;
}

export interface EngineExit {
  /** Null when ended by a signal. */
  readonly code: number | null;
  readonly signal: string | null;
}

export type EngineEndpoint =
  | { readonly kind: "http"; readonly baseUrl: string }
  /** `lines` yields stdout line by line, each at most 64 MiB; `send` writes one line and resolves when it is flushed. */
  | { readonly kind: "stdio"; readonly lines: AsyncIterable<string>; send(line: string): Promise<void> };

/** A started engine; whoever started it stops it, in every path. */
export interface RunningEngine {
  readonly endpoint: EngineEndpoint;
  /** What the runtime knows of it: command line, process id, image digest. */
  readonly facts: readonly Fact[];
  /** At most the last 50 lines of its log, and before them exceptions that scrolled away. */
  logTail(): readonly string[];
  /** File with the whole of its log; null when there is none, as for `attached`. */
  logFile(): string | null;
  /** Resolves when the engine has ended; never rejects; never resolves for `attached`. */
  readonly exited: Promise<EngineExit>;
  /** Idempotent; resolves when nothing of it is left. A no-op for `attached`. */
  stop(): Promise<void>;
}
