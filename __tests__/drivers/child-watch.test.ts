import { describe, expect, test } from "@jest/globals";
import { runPython } from "./run-python.ts";

/** A driver with one process of its engine, waiting for an answer that will not come. */
const waiting = (end: string) => `
import multiprocessing, signal, threading
from inference_gate.child_watch import ChildWatch
def compute(): signal.pause()
child = multiprocessing.get_context("fork").Process(target=compute, name="EngineCore")
child.start()
watch = ChildWatch()
${end}`;

describe("a process of the engine that is ended", () => {
  test("by the out-of-memory killer ends the driver with 137, and the log names it", () => {
    const ran = runPython(waiting("os.kill(child.pid, 9)\nthreading.Event().wait()"));
    expect(ran.code).toBe(137);
    expect(ran.err).toContain("EngineCore, a process of the engine, was ended by signal 9");
  });

  test("by the driver itself ends nothing else", () => {
    const ran = runPython(waiting("watch.disarm(); child.terminate(); child.join(); print('closed')"));
    expect([ran.code, ran.out]).toEqual([0, "closed\n"]);
  });
});
