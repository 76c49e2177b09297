/** Every message about suite and lock files, for the catalogue; each is declared beside its kin. */
import { suiteCasesMessages } from "./suite-cases.ts";
import { suiteContainerMessages } from "./suite-container.ts";
import { suiteFieldsMessages } from "./suite-fields.ts";
import { suiteFilesMessages } from "./suite-files.ts";
import { suiteLockMessages } from "./suite-lock.ts";
import { suiteSamplingMessages } from "./suite-sampling.ts";
import { suiteValuesMessages } from "./suite-values.ts";

export const suiteMessages = [
  ...suiteFilesMessages,
  ...suiteValuesMessages,
  ...suiteFieldsMessages,
  ...suiteContainerMessages,
  ...suiteCasesMessages,
  ...suiteSamplingMessages,
  ...suiteLockMessages,
];
