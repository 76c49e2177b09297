/** Unit, contract and repository tests; real engines are in jest.e2e.config.mjs. */
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "es6" }, sourceMaps: "inline" },
    ],
  },
  reporters: ["default", "<rootDir>/scripts/result-reporter.mjs"],
  testTimeout: 30_000,
};
