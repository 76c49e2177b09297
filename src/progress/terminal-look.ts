/** What a stream can show: colours, how many columns, and whether a line may be redrawn. */

export interface TerminalLook {
  readonly color: "ansi" | "none";
  readonly width: number;
  /** `live`: a person watches and a line may be redrawn; `log`: lines are kept. */
  readonly kind: "live" | "log";
}

const widthOfLogs = 100;

/**
 * `wish` is `--color`. For `auto` the environment decides: NO_COLOR (https://no-color.org), FORCE_COLOR, TERM=dumb; GitHub's log
 * shows ANSI colours although it is no terminal.
 */
export function terminalLook(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: { readonly [name: string]: string | undefined },
  wish: "auto" | "always" | "never",
): TerminalLook {
  const isTerminal = stream.isTTY === true && env.TERM !== "dumb";
  const asked = Number(env.COLUMNS);
  const columns = stream.isTTY === true ? stream.columns : undefined;
  return {
    color: wish === "always" || (wish === "auto" && wantsColor(isTerminal, env)) ? "ansi" : "none",
    width: columns !== undefined && columns > 0 ? columns : Number.isInteger(asked) && asked > 0 ? asked : widthOfLogs,
    kind: isTerminal && !isSet(env.CI) ? "live" : "log",
  };
}

function wantsColor(isTerminal: boolean, env: { readonly [name: string]: string | undefined }): boolean {
  if (isSet(env.NO_COLOR)) return false;
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== "0";
  return isTerminal || env.GITHUB_ACTIONS === "true";
}

const isSet = (value: string | undefined) => value !== undefined && value !== "" && value !== "false";
