/**
 * Streaming multiprocessors and compute capability by GPU name. nvidia-smi tells the name in every driver, the compute
 * capability not in driver 470 and before, and the number of multiprocessors never (except of MIG slices).
 */

export interface GpuModel {
  readonly multiprocessors: number;
  readonly computeCapability: string;
  /** Where the figure is published. */
  readonly source: string;
}

// Two products that share one name but not one count (GeForce RTX 2060, RTX 3080, …) are left out on purpose.
const volta = "https://developer.nvidia.com/blog/inside-volta/";
const a100 = "https://developer.nvidia.com/blog/nvidia-ampere-architecture-in-depth/";
const hopper = "https://developer.nvidia.com/blog/nvidia-hopper-architecture-in-depth/";
const tesla = "https://en.wikipedia.org/wiki/Nvidia_Tesla";
const list = "https://en.wikipedia.org/wiki/List_of_Nvidia_graphics_processing_units";
const quadro = "https://en.wikipedia.org/wiki/Quadro";
const proBlackwell = "https://github.com/NVIDIA/cudnn-frontend/pull/1164";

// [name as nvidia-smi prints it without `NVIDIA` and `Tesla`, multiprocessors, compute capability, source]
const rows: readonly (readonly [string, number, string, string])[] = [
  ["P4", 20, "6.1", tesla],
  ["P40", 30, "6.1", tesla],
  ["P100-PCIE-12GB", 56, "6.0", tesla],
  ["P100-PCIE-16GB", 56, "6.0", tesla],
  ["P100-SXM2-16GB", 56, "6.0", tesla],
  ["V100-PCIE-16GB", 80, "7.0", volta],
  ["V100-PCIE-32GB", 80, "7.0", volta],
  ["V100-SXM2-16GB", 80, "7.0", volta],
  ["V100-SXM2-32GB", 80, "7.0", volta],
  ["V100-SXM3-32GB", 80, "7.0", volta],
  ["V100S-PCIE-32GB", 80, "7.0", tesla],
  ["TITAN V", 80, "7.0", volta],
  ["T4", 40, "7.5", tesla],
  ["TITAN RTX", 72, "7.5", list],
  ["Quadro RTX 5000", 48, "7.5", quadro],
  ["Quadro RTX 6000", 72, "7.5", quadro],
  ["Quadro RTX 8000", 72, "7.5", quadro],
  ["GeForce RTX 2070", 36, "7.5", list],
  ["GeForce RTX 2070 SUPER", 40, "7.5", list],
  ["GeForce RTX 2080", 46, "7.5", list],
  ["GeForce RTX 2080 SUPER", 48, "7.5", list],
  ["GeForce RTX 2080 Ti", 68, "7.5", list],
  ["A100-PCIE-40GB", 108, "8.0", a100],
  ["A100-SXM4-40GB", 108, "8.0", a100],
  ["A100 80GB PCIe", 108, "8.0", a100],
  ["A100-SXM4-80GB", 108, "8.0", a100],
  ["A800 80GB PCIe", 108, "8.0", tesla],
  ["A800-SXM4-80GB", 108, "8.0", tesla],
  ["A30", 56, "8.0", tesla],
  ["A2", 10, "8.6", tesla],
  ["A10", 72, "8.6", tesla],
  ["A16", 10, "8.6", tesla],
  ["A40", 84, "8.6", tesla],
  ["RTX A2000", 26, "8.6", quadro],
  ["RTX A2000 12GB", 26, "8.6", quadro],
  ["RTX A4000", 48, "8.6", quadro],
  ["RTX A4500", 56, "8.6", quadro],
  ["RTX A5000", 64, "8.6", quadro],
  ["RTX A5500", 80, "8.6", quadro],
  ["RTX A6000", 84, "8.6", proBlackwell],
  ["GeForce RTX 3060 Ti", 38, "8.6", list],
  ["GeForce RTX 3070", 46, "8.6", list],
  ["GeForce RTX 3070 Ti", 48, "8.6", list],
  ["GeForce RTX 3080 Ti", 80, "8.6", list],
  ["GeForce RTX 3090", 82, "8.6", list],
  ["GeForce RTX 3090 Ti", 84, "8.6", list],
  ["L4", 58, "8.9", tesla],
  ["L20", 92, "8.9", tesla],
  ["L40", 142, "8.9", tesla],
  ["L40S", 142, "8.9", tesla],
  ["RTX 2000 Ada Generation", 22, "8.9", quadro],
  ["RTX 4000 Ada Generation", 48, "8.9", quadro],
  ["RTX 4000 SFF Ada Generation", 48, "8.9", quadro],
  ["RTX 4500 Ada Generation", 60, "8.9", quadro],
  ["RTX 5000 Ada Generation", 100, "8.9", quadro],
  ["RTX 6000 Ada Generation", 142, "8.9", proBlackwell],
  ["GeForce RTX 4060", 24, "8.9", list],
  ["GeForce RTX 4060 Ti", 34, "8.9", list],
  ["GeForce RTX 4070", 46, "8.9", list],
  ["GeForce RTX 4070 SUPER", 56, "8.9", list],
  ["GeForce RTX 4070 Ti", 60, "8.9", list],
  ["GeForce RTX 4070 Ti SUPER", 66, "8.9", list],
  ["GeForce RTX 4080", 76, "8.9", list],
  ["GeForce RTX 4080 SUPER", 80, "8.9", list],
  ["GeForce RTX 4090", 128, "8.9", list],
  ["GeForce RTX 4090 D", 114, "8.9", list],
  ["H100 PCIe", 114, "9.0", hopper],
  ["H100 80GB HBM3", 132, "9.0", hopper],
  ["H100 NVL", 132, "9.0", tesla],
  ["H200", 132, "9.0", tesla],
  ["H200 NVL", 132, "9.0", tesla],
  ["GH200 120GB", 132, "9.0", tesla],
  ["GH200 480GB", 132, "9.0", tesla],
  ["B200", 148, "10.0", "https://github.com/pytorch/ao/pull/4002"],
  ["RTX PRO 6000 Blackwell Workstation Edition", 188, "12.0", proBlackwell],
  ["RTX PRO 6000 Blackwell Max-Q Workstation Edition", 188, "12.0", proBlackwell],
  ["RTX PRO 6000 Blackwell Server Edition", 188, "12.0", proBlackwell],
  ["GeForce RTX 5070", 48, "12.0", list],
  ["GeForce RTX 5070 Ti", 70, "12.0", list],
  ["GeForce RTX 5080", 84, "12.0", list],
  ["GeForce RTX 5090", 170, "12.0", list],
];

const models: ReadonlyMap<string, GpuModel> = new Map(
  rows.map(([name, multiprocessors, computeCapability, source]) => [
    comparable(name),
    { multiprocessors, computeCapability, source },
  ]),
);

/** What is published of the GPU that nvidia-smi calls so; null for a name that is not in the table. */
export function gpuModel(name: string): GpuModel | null {
  return models.get(comparable(name)) ?? null;
}

/** Drivers before 460 say `Tesla V100-…` or `A100-…`, later ones `NVIDIA A100-…`. */
function comparable(name: string): string {
  return name
    .toLowerCase()
    .replace(/\b(?:nvidia|tesla)\b/g, "")
    .trim()
    .replace(/\s+/g, " ");
}
