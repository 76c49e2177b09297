import { describe, expect, test } from "@jest/globals";
import { runPython } from "./run-python.ts";

/** A driver with one process of its engine, and an `end` of its own. */
const waiting = (end: string, work = "signal.pause()") => `
import multiprocessing, signal, threading
from inference_gate.child_watch import ChildWatch
go, come = multiprocessing.Pipe()
def compute(): come.recv(); ${work}
child = multiprocessing.get_context("fork").Process(target=compute, name="EngineCore")
child.start()
watch = ChildWatch()
go.send(1)
${end}`;

describe("a process of the engine that is ended", () => {
  test("by the out-of-memory killer ends the driver with 137, and the log names it", () => {
    const ran = runPython(waiting("os.kill(child.pid, 9)\nthreading.Event().wait(30)"));
    expect(ran.code).toBe(137);
    expect(ran.err).toContain("EngineCore, a process of the engine, was ended by signal 9");
  });

  test("by an exception of its own ends it with the same code", () => {
    expect(runPython(waiting("threading.Event().wait(30)", "sys.exit(3)")).code).toBe(3);
  });

  test("because it has done its work ends nothing else", () => {
    const ran = runPython(
      waiting("[one.join() for one in threading.enumerate() if one.daemon]; print('goes on')", "pass"),
    );
    expect([ran.code, ran.out]).toEqual([0, "goes on\n"]);
  });

  test("by the driver itself ends nothing else", () => {
    const ran = runPython(waiting("watch.disarm(); child.terminate(); child.join(); print('closed')"));
    expect([ran.code, ran.out]).toEqual([0, "closed\n"]);
  });
});
