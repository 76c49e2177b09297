/** What nvidia-smi says of the GPUs, read from its XML (`-q -x`), which has kept its element names from driver 418 to 595. */
import { descend, parseXml, type XmlElement } from "./xml-element.ts";

/** A slice of a GPU in MIG mode. */
export interface MigDevice {
  readonly index: number;
  readonly multiprocessors: number | null;
  readonly memoryMib: number | null;
  /** Such as `1g.10gb`; only `nvidia-smi -L` tells it. */
  readonly profile: string | null;
  /** Only to find the device that CUDA_VISIBLE_DEVICES names; never recorded. */
  readonly uuid: string | null;
}

export interface GpuProcess {
  readonly pid: number;
  readonly usedMemoryMib: number | null;
  /** `compute` for a type of `C` or `M+C`; a display server (`G`) and a desktop (`C+G`) are `graphics`. Null when it is not told. */
  readonly kind: "compute" | "graphics" | null;
  /** Its path or name; hostile text. */
  readonly name: string | null;
}

/** Faults of the memory that ECC could not mend. Null when the GPU does not tell. */
export interface GpuFaults {
  /** Uncorrected errors since the driver was loaded. */
  readonly uncorrected: number | null;
  /** Rows that await a reset to be replaced. */
  readonly remapPending: boolean | null;
  /** A row could not be replaced: the board is worn out. */
  readonly remapFailed: boolean | null;
}

export interface Gpu {
  readonly index: number;
  readonly name: string | null;
  /** Only to find the GPU that CUDA_VISIBLE_DEVICES names; never recorded. */
  readonly uuid: string | null;
  /** Such as `9.0`; not in the XML, see nvidia-smi.ts. */
  readonly computeCapability: string | null;
  readonly memoryMib: number | null;
  readonly usedMemoryMib: number | null;
  readonly freeMemoryMib: number | null;
  readonly faults: GpuFaults;
  /** Null for a GPU that cannot be sliced. */
  readonly migEnabled: boolean | null;
  readonly migDevices: readonly MigDevice[];
  readonly eccEnabled: boolean | null;
  /** Those that this process namespace can see; empty in many containers. */
  readonly processes: readonly GpuProcess[];
}

export interface GpuReport {
  readonly driverVersion: string | null;
  /** Newest CUDA version that the driver supports. */
  readonly cudaVersion: string | null;
  readonly gpus: readonly Gpu[];
}

/** The report, or null when the text is not the whole XML of nvidia-smi. What a driver does not tell (`N/A`, `ERR!`, …) is null. */
export function parseGpuReport(xml: string): GpuReport | null {
  // A driver's warnings may stand before the document.
  const root = parseXml(xml.slice(Math.max(0, xml.indexOf("<?xml"))).trim());
  if (root?.name !== "nvidia_smi_log") return null;
  return {
    driverVersion: version(root, "driver_version"),
    cudaVersion: version(root, "cuda_version"),
    gpus: root.children.filter((child) => child.name === "gpu").map(parseGpu),
  };
}

function parseGpu(gpu: XmlElement, index: number): Gpu {
  return {
    index,
    name: known(gpu, "product_name"),
    uuid: known(gpu, "uuid"),
    computeCapability: null,
    memoryMib: mebibytes(gpu, "fb_memory_usage", "total"),
    usedMemoryMib: mebibytes(gpu, "fb_memory_usage", "used"),
    freeMemoryMib: mebibytes(gpu, "fb_memory_usage", "free"),
    faults: {
      uncorrected: uncorrectedErrors(gpu),
      remapPending: yes(gpu, "remapped_rows", "remapped_row_pending"),
      remapFailed: yes(gpu, "remapped_rows", "remapped_row_failure"),
    },
    migEnabled: enabled(gpu, "mig_mode", "current_mig"),
    migDevices: list(gpu, "mig_devices", "mig_device").map(parseMigDevice),
    eccEnabled: enabled(gpu, "ecc_mode", "current_ecc"),
    processes: list(gpu, "processes", "process_info").flatMap(parseProcess),
  };
}

function parseMigDevice(device: XmlElement, position: number): MigDevice {
  return {
    index: integer(device, "index") ?? position,
    multiprocessors: integer(device, "device_attributes", "shared", "multiprocessor_count"),
    memoryMib: mebibytes(device, "fb_memory_usage", "total"),
    profile: null,
    uuid: null,
  };
}

function parseProcess(process: XmlElement): GpuProcess[] {
  const pid = integer(process, "pid");
  if (pid === null) return [];
  const type = known(process, "type");
  const kind = type === null ? null : type.includes("G") ? ("graphics" as const) : ("compute" as const);
  return [{ pid, usedMemoryMib: mebibytes(process, "used_memory"), kind, name: known(process, "process_name") }];
}

// Volta and Pascal count double-bit errors; Turing and later by where they were, parity and SECDED apart since driver 535.
const uncorrectedCounters = [
  ["double_bit", "total"],
  ["sram_uncorrectable"],
  ["sram_uncorrectable_parity"],
  ["sram_uncorrectable_secded"],
  ["dram_uncorrectable"],
] as const;

function uncorrectedErrors(gpu: XmlElement): number | null {
  const counts = uncorrectedCounters
    .map((path) => integer(gpu, "ecc_errors", "volatile", ...path))
    .filter((count) => count !== null);
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

function yes(from: XmlElement, ...path: readonly string[]): boolean | null {
  const text = known(from, ...path);
  return text === "Yes" ? true : text === "No" ? false : null;
}

function list(from: XmlElement, ...path: readonly string[]): readonly XmlElement[] {
  const container = descend(from, ...path.slice(0, -1));
  return container?.children.filter((child) => child.name === path.at(-1)) ?? [];
}

const untold =
  /^$|^\[?(?:N\/A|Not Supported|Not Found|None|Unknown(?: Error)?|ERR!|Insufficient Permissions|GPU is lost|GPU requires reset|Requested functionality has been deprecated)\]?$/i;

function known(from: XmlElement, ...path: readonly string[]): string | null {
  const text = descend(from, ...path)?.text ?? "";
  return untold.test(text) ? null : text;
}

function enabled(from: XmlElement, ...path: readonly string[]): boolean | null {
  const text = known(from, ...path);
  return text === "Enabled" ? true : text === "Disabled" ? false : null;
}

function integer(from: XmlElement, ...path: readonly string[]): number | null {
  const text = known(from, ...path);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function mebibytes(from: XmlElement, ...path: readonly string[]): number | null {
  const match = /^(\d{1,15}) MiB$/.exec(known(from, ...path) ?? "");
  return match === null ? null : Number(match[1]);
}

function version(from: XmlElement, ...path: readonly string[]): string | null {
  const text = known(from, ...path);
  return text !== null && /^\d+(?:\.\d+)+$/.test(text) ? text : null;
}
