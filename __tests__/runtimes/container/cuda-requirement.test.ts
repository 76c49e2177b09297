/** What images demand, as NVIDIA's images say it, against drivers as nvidia-smi tells them. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { parseGpuReport } from "../../../src/environment/gpu-report.ts";
import { unmetRequirement } from "../../../src/runtimes/container/cuda-requirement.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "fixtures", "nvidia-smi");
function driverOf(file: string) {
  const report = parseGpuReport(readFileSync(join(folder, file), "utf8"));
  if (report === null) throw new Error(`no report in ${file}`);
  return { version: report.driverVersion, cuda: report.cudaVersion };
}

// As the images nvidia/cuda:12.4.1-* and nvidia/cuda:12.8.1-* carry it: each brand with each of the older driver branches.
function required(cuda: string, brands: string, branches: readonly number[]): string {
  const older = branches.flatMap((from) =>
    brands.split(" ").map((brand) => `brand=${brand},driver>=${from},driver<${from + 1}`),
  );
  return [`cuda>=${cuda}`, ...older].join(" ");
}
const cuda124 = {
  CUDA_VERSION: "12.4.1",
  NVIDIA_REQUIRE_CUDA: required(
    "12.4",
    "tesla unknown nvidia nvidiartx geforce geforcertx quadro quadrortx titan titanrtx",
    [470, 525, 535],
  ),
};
const cuda128 = {
  CUDA_VERSION: "12.8.1",
  NVIDIA_REQUIRE_CUDA: required(
    "12.8",
    "unknown grid tesla nvidia quadro quadrortx nvidiartx vapps vpc vcs vws cloudgaming",
    [470, 535, 550, 560, 565],
  ),
};

describe("a driver", () => {
  test.each<readonly [string, { readonly [name: string]: string }, string | null]>([
    ["driver-590-rtx-pro-6000.xml", cuda128, null],
    ["driver-570-h100.xml", cuda124, null],
    ["driver-460-v100s.xml", cuda124, "a driver with CUDA 12.4 or newer"],
    ["driver-515-tesla-t4.xml", cuda124, "a driver with CUDA 12.4 or newer"],
    ["driver-515-tesla-t4.xml", { ...cuda124, NVIDIA_DISABLE_REQUIRE: "true" }, null],
    // A data-centre driver of that series may run it with the compatibility package: nothing is certain.
    ["driver-550-gtx-1070.xml", cuda128, null],
    ["driver-535-a100-mig.xml", cuda128, null],
    ["driver-515-tesla-t4.xml", { CUDA_VERSION: "12.1.0" }, "a driver with CUDA 12.0 or newer"],
    ["driver-570-h100.xml", { CUDA_VERSION: "12.9.0" }, null],
    ["driver-570-h100.xml", { CUDA_VERSION: "13.0.0" }, "a driver with CUDA 13.0 or newer"],
    ["driver-570-h100.xml", {}, null],
    ["driver-570-h100.xml", { NVIDIA_REQUIRE_CUDA: "" }, null],
    ["driver-570-h100.xml", { NVIDIA_REQUIRE_DRIVER: "driver>=580" }, "a driver that meets driver>=580"],
    ["driver-570-h100.xml", { NVIDIA_REQUIRE_ARCH: "arch>=9" }, null],
  ])("%s with %j", (file, env, wanted) => {
    const unmet = unmetRequirement(new Map(Object.entries(env)), driverOf(file));
    expect(unmet?.wanted ?? null).toBe(wanted);
  });

  test("of unknown versions is given the benefit of the doubt", () => {
    const env = new Map(Object.entries(cuda128));
    expect(unmetRequirement(env, { version: null, cuda: null })).toBeNull();
  });
});
