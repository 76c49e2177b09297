import { expect, test } from "@jest/globals";
import { cacheVariables } from "../../../src/runtimes/container/cache-folders.ts";

const readOnly = { root: "read-only", env: [] } as const;

test("an engine whose image is read-only keeps what it computes where it may write, and nothing is lost of an image's own models", () => {
  const variables = cacheVariables(readOnly, new Map(), {});
  expect(variables).toMatchObject({
    VLLM_CACHE_ROOT: "/tmp/inference-gate-cache/vllm",
    TRITON_CACHE_DIR: "/tmp/inference-gate-cache/triton",
    FLASHINFER_WORKSPACE_BASE: "/tmp/inference-gate-cache/flashinfer",
  });
  for (const path of Object.values(variables)) expect(path).toMatch(/^\/tmp\/inference-gate-cache\/[a-z-]+$/);
  for (const name of ["HOME", "HF_HOME", "HF_HUB_CACHE", "XDG_CACHE_HOME"]) expect(variables).not.toHaveProperty(name);
});

test("what image, suite or the gate's own environment say stays", () => {
  const ofImage = new Map([["TRITON_CACHE_DIR", "/opt/triton"]]);
  const variables = cacheVariables({ ...readOnly, env: ["CUDA_CACHE_PATH"] }, ofImage, { VLLM_CACHE_ROOT: "/data" });
  for (const name of ["TRITON_CACHE_DIR", "CUDA_CACHE_PATH", "VLLM_CACHE_ROOT"])
    expect(variables).not.toHaveProperty(name);
  expect(variables).toHaveProperty("NUMBA_CACHE_DIR");
});

test("a writable image needs none", () => {
  expect(cacheVariables({ root: "writable", env: [] }, new Map(), {})).toEqual({});
});
