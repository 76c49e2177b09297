/** Entry of the GitHub Action: what the steps of `action.yml` import. */
export { cleanUp } from "./clean-up.ts";
export { gate } from "./gate.ts";
