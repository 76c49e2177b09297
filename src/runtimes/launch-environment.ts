/** The environment an engine is started with: a short allow-list of ours, so that no token of a runner reaches it and none of its settings shapes an output unseen. */

/** Where programs, libraries, caches and devices are; nothing that changes what an engine computes. */
const passedOn = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TMPDIR",
  "LD_LIBRARY_PATH",
  "DYLD_LIBRARY_PATH",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "VIRTUAL_ENV",
  "CONDA_PREFIX",
  "XDG_CACHE_HOME",
  "HF_HOME",
  "HF_HUB_CACHE",
  "CUDA_HOME",
  "CUDA_PATH",
  "CUDA_VISIBLE_DEVICES",
  "CUDA_DEVICE_ORDER",
  "NVIDIA_VISIBLE_DEVICES",
  "NVIDIA_DRIVER_CAPABILITIES",
  "ROCM_PATH",
  "HIP_VISIBLE_DEVICES",
  "ROCR_VISIBLE_DEVICES",
]);

/** Name of the variable by which every process of a launch is recognised; see docs/troubleshooting.md. */
export const launchVariable = "INFERENCE_GATE_LAUNCH";

type Environment = { readonly [name: string]: string | undefined };

/** What an engine sees: the allowed part of `ours`, then the plan's own variables, then the id of the launch. */
export function launchEnvironment(ours: Environment, planned: Environment, launchId: string): NodeJS.ProcessEnv {
  const allowed = Object.entries(ours).filter(([name]) => passedOn.has(name) || name.startsWith("LC_"));
  return { ...Object.fromEntries(allowed), ...planned, [launchVariable]: launchId };
}
