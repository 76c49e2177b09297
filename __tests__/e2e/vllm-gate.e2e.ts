/** Record and check on real vLLM, offline on the CPU with a small random model. */
import { describePlantedChanges, vllmSubject } from "./planted-changes.ts";
import { processPlace } from "./process-place.ts";

describePlantedChanges(vllmSubject, processPlace);
