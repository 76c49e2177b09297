/** What goes wrong while a finished report is brought to where people see it. */
import { message } from "./message.ts";

export const destinationFailed = message<{ destination: string; why: string }>(
  {
    code: "publish/destination-failed",
    verdict: "error",
    explanation:
      "The run has its verdict, but one of the places that should show it could not be reached or written. The other places were " +
      "served all the same, and the verdict stands: a place that fails never changes it.",
    example: { destination: "files", why: "ENOSPC: no space left on device" },
  },
  ({ destination, why }) => ({
    title: `The report could not be published to ${destination}.`,
    found: why,
    expected: "a place that takes the report",
    help: [
      "The verdict and the other places are not touched by this; mend the place and run again if you need it there.",
    ],
  }),
);

export const publishMessages = [destinationFailed];
