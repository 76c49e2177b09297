#!/usr/bin/env node
/** Entry of the command line. */
import { toolVersion } from "../model/tool.ts";
import { runProgram } from "./program.ts";
import { verbsOn } from "./verbs.ts";

// A reader that goes away (`| head`) is no mistake of anybody.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
}

process.exitCode = await runProgram(
  process.argv.slice(2),
  { version: toolVersion },
  verbsOn({ out: process.stdout, error: process.stderr, env: process.env }),
  { out: (text) => process.stdout.write(text), error: (text) => process.stderr.write(text) },
);
