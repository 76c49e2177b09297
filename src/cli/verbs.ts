/** What each verb does on a real machine: runs the command, shows its progress, prints its report, keeps it for `explain`. */
import { mkdir, realpath } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { check } from "../commands/check.ts";
import { demo } from "../commands/demo.ts";
import { explain } from "../commands/explain.ts";
import { init } from "../commands/init.ts";
import { nodeWorkbench } from "../commands/node-workbench.ts";
import { record } from "../commands/record.ts";
import { ensureWorkFolder, lastReportPath, reportText, transcriptPathFor } from "../commands/work-folder.ts";
import type { Workbench } from "../commands/workbench.ts";
