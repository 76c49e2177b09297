/** Which files of a repository an engine needs: many carry the same weights in several formats. */
import { withoutOtherFormats } from "../model/weight-formats.ts";
import type { HubFile } from "./hub-api.ts";

const unread = /(?:^|\/)\.|\.(?:md|png|jpe?g|gif|svg|pdf|mp4|ipynb)$|^(?:license|notice)/i;

/** `needed`: with safetensors in the root, no other format; never pictures, read-me files or hidden ones. `all`: everything. */
export function wantedFiles(files: readonly HubFile[], which: "needed" | "all"): readonly HubFile[] {
  if (which === "all") return files;
  return withoutOtherFormats(
    files.filter(({ path }) => !unread.test(path)),
    ({ path }) => path,
  );
}
