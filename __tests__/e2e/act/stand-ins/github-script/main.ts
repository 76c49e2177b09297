/** As src/main.ts and src/async-function.ts of actions/github-script v8 do it: the script is the body of an asynchronous function. */
import * as core from "@actions/core";

const AsyncFunction = Object.getPrototypeOf(async () => null).constructor;

core.getInput("github-token", { required: true });
try {
  const result: unknown = await new AsyncFunction("core", core.getInput("script", { required: true }))(core);
  core.setOutput("result", JSON.stringify(result) ?? "");
} catch (error) {
  console.error(error);
  core.setFailed(`Unhandled error: ${error}`);
}
