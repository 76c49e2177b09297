/** The sentence for each reason for which a driver refuses to start. */
import {
  driverArgumentUnknown,
  driverFieldOwned,
  driverFieldUnknown,
  driverImportFailed,
  driverModelUnreadable,
  driverModuleMissing,
  driverSettingNotInForce,
  driverSettingsInvalid,
  driverStartFailed,
  driverTokenizerMismatch,
  driverVersionTooOld,
  type Refusal,
} from "../../messages/engines-driver.ts";
import type { Message } from "../../messages/message.ts";
import type { refusalReasons } from "./json-lines-messages.ts";

export const refusals = {
  "argument-unknown": driverArgumentUnknown,
  "engine-start-failed": driverStartFailed,
  "import-failed": driverImportFailed,
  "model-unreadable": driverModelUnreadable,
  "module-missing": driverModuleMissing,
  "sampling-field-owned": driverFieldOwned,
  "sampling-field-unknown": driverFieldUnknown,
  "setting-not-in-force": driverSettingNotInForce,
  "settings-invalid": driverSettingsInvalid,
  "tokenizer-mismatch": driverTokenizerMismatch,
  "version-too-old": driverVersionTooOld,
} satisfies Record<(typeof refusalReasons)[number], Message<Refusal>>;
