/** Every message of the engines, for the catalogue. */
import { enginesDriverMessages } from "./engines-driver.ts";
import { enginesDriverSuiteMessages } from "./engines-driver-suite.ts";
import { enginesPlanMessages } from "./engines-plan.ts";
import { enginesProtocolMessages } from "./engines-protocol.ts";
import { enginesReplyMessages } from "./engines-reply.ts";
import { enginesRoomMessages } from "./engines-room.ts";
import { enginesSamplingMessages } from "./engines-sampling.ts";
import { enginesScriptMessages } from "./engines-script.ts";

export * from "./engines-driver.ts";
export * from "./engines-driver-suite.ts";
export * from "./engines-plan.ts";
export * from "./engines-protocol.ts";
export * from "./engines-reply.ts";
export * from "./engines-room.ts";
export * from "./engines-sampling.ts";
export * from "./engines-script.ts";

export const enginesMessages = [
  ...enginesPlanMessages,
  ...enginesReplyMessages,
  ...enginesRoomMessages,
  ...enginesSamplingMessages,
  ...enginesProtocolMessages,
  ...enginesDriverMessages,
  ...enginesDriverSuiteMessages,
  ...enginesScriptMessages,
];
