/** What the end of an engine's process means, in words. */
import type { EngineExit } from "../model/launch-plan.ts";

const signalNumbers: { readonly [number: number]: string } = {
  1: "SIGHUP",
  2: "SIGINT",
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  15: "SIGTERM",
};

const signalAdvice: { readonly [name: string]: string } = {
  SIGKILL:
    "SIGKILL usually comes from the kernel's out-of-memory killer: look for `Out of memory` in `dmesg`, give the machine or container more memory, or use a smaller model or context.",
  SIGILL: "SIGILL: the engine was built for a processor that this machine does not have; use a build for this one.",
  SIGBUS: "SIGBUS: often a full /dev/shm or a model file that is shorter than its header says; check both.",
  SIGSEGV:
    "SIGSEGV: the engine crashed; a broken model file and a driver that does not fit the engine are usual reasons.",
  SIGABRT: "SIGABRT: the engine gave up on a failed assertion; the lines before the end of its log name it.",
  SIGTERM: "SIGTERM: somebody else asked the engine to end, such as a job time-out or a service manager.",
};

/** Such as `exit code 137 (SIGKILL)`, `SIGSEGV`, `exit code 1`. */
export function exitInWords(exit: EngineExit): string {
  if (exit.signal !== null) return exit.signal;
  const meaning = exit.code === 126 ? "not executable" : exit.code === 127 ? "command not found" : signalOf(exit);
  return `exit code ${exit.code ?? "unknown"}${meaning === null ? "" : ` (${meaning})`}`;
}

/** What to try after such an end; empty when the exit says nothing by itself. */
export function exitAdvice(exit: EngineExit): readonly string[] {
  if (exit.code === 126)
    return ["Exit code 126: a program was found that may not be executed; check `ls -l` and `file` of it."];
  if (exit.code === 127)
    return ["Exit code 127: a shell did not find a command; install it or give its whole path in engine.command."];
  if (exit.code === 0)
    return ["Exit code 0: the command ended in peace instead of serving; it must stay in the foreground."];
  const advice = signalAdvice[signalOf(exit) ?? ""];
  return advice === undefined ? [] : [advice];
}

function signalOf({ code, signal }: EngineExit): string | null {
  if (signal !== null) return signal;
  // A shell or container reports death by signal n as 128 + n.
  return code === null ? null : (signalNumbers[code - 128] ?? null);
}
