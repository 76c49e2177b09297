/** `npm run generate`: writes every file that is derived from the code and says which of them changed. */
import { nodeFiles } from "../src/platform/files.ts";
import { generatedFiles } from "./generated-files.ts";

for (const { path, text } of generatedFiles()) {
  const before = await nodeFiles.readText(path);
  if (before !== text) await nodeFiles.writeAtomic(path, text);
  console.log(`${before === text ? "unchanged" : "written  "}  ${path}`);
}
