import { expect, test } from "@jest/globals";
import { containerGpus } from "../../src/environment/container-gpus.ts";
import type { GpuRequest } from "../../src/model/container-spec.ts";

test.each<[GpuRequest, string | null]>([
  [{ kind: "all" }, null],
  [{ kind: "none" }, ""],
  [{ kind: "count", count: 2 }, "0,1"],
  [{ kind: "devices", ids: ["3", "0:1"] }, "3,0:1"],
])("a container with GPUs %j sees CUDA_VISIBLE_DEVICES %j", (gpus, visible) => {
  expect(containerGpus({ gpus })).toBe(visible);
});
