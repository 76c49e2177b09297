/** Destination `files`: the report in every registered format, and the transcript, in one folder that can be kept as an artifact. */
import { join, resolve } from "node:path";
import { destinationFailed } from "../messages/publish.ts";
import { GateError } from "../model/problem.ts";
import { reasonOf } from "../platform/thrown.ts";
import type { Report } from "../report/report.ts";
import type { Destination, PublishContext } from "./destination.ts";
import { type ReportFile, reportFiles } from "./report-files.ts";

const name = "files";

/** A format that cannot be rendered or written does not lose the others; what failed is thrown at the end, by its file's name. */
export function filesDestination(formats: readonly ReportFile[] = reportFiles): Destination {
  return {
    name,
    async publish(report, context) {
      const problems = [];
      for (const { file, render } of formats) {
        try {
          const text = await render(report, context);
          if (text !== null) await context.files.writeAtomic(join(context.reportFolder, file), text);
        } catch (error) {
          problems.push(destinationFailed({ destination: file, why: reasonOf(error) }));
        }
      }
      try {
        await keepTranscript(report, context);
      } catch (error) {
        problems.push(destinationFailed({ destination: "transcript.jsonl", why: reasonOf(error) }));
      }
      if (problems.length > 0) throw new GateError(problems);
      return { kind: "published", where: context.reportFolder };
    },
  };
}

/** Every answer of the run, beside the report; the one beside the suite stays for `check --resume`. */
async function keepTranscript({ transcript }: Report, { files, reportFolder }: PublishContext): Promise<void> {
  const bytes = transcript === null ? null : await files.readBytes(resolve(transcript));
  if (bytes !== null) await files.writeAtomic(join(reportFolder, "transcript.jsonl"), bytes);
}
