/** Real engines and the built bundle, one file at a time: they share two cores. */
import base from "./jest.config.mjs";

export default { ...base, testMatch: ["**/*.e2e.ts"], testTimeout: 300_000, maxWorkers: 1 };
