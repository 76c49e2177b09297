/** Counts what docker or podman hold for any gate, by their own lists. */
import type { ContainerRuntimeName } from "../../src/model/suite.ts";
import type { ContainerHost } from "./container-host.ts";

/** Containers and networks of gates, and all volumes without a name, one a line. */
export function leftOnMachine({ run }: ContainerHost, runtime: ContainerRuntimeName): readonly string[] {
  const lists = [
    run(runtime, "ps", "--all", "--filter", "label=inference-gate.launch", "--format", "container {{.Names}}"),
    run(runtime, "network", "ls", "--filter", "label=inference-gate.launch", "--format", "network {{.Name}}"),
    run(runtime, "volume", "ls", "--filter", "dangling=true", "--format", "volume {{.Name}}"),
  ];
  return lists.flatMap((list) => list.split("\n")).filter((line) => line !== "");
}
