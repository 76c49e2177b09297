/** Counts what docker or podman hold for the gates of a test, by their own lists. */
import type { ContainerRuntimeName } from "../../src/model/suite.ts";
import { type ContainerMachine, run } from "./container-machine.ts";

/** Containers and networks of gates that had `RUNNER_NAME` from `env`, and all volumes that nobody uses, one a line. */
export function leftOnMachine(
  { env }: Pick<ContainerMachine, "env">,
  runtime: ContainerRuntimeName,
): readonly string[] {
  const ours = `label=inference-gate.runner=${env.RUNNER_NAME}`;
  const lists = [
    run(runtime, "ps", "--all", "--filter", ours, "--format", "container {{.Names}}"),
    run(runtime, "network", "ls", "--filter", ours, "--format", "network {{.Name}}"),
    run(runtime, "volume", "ls", "--filter", "dangling=true", "--format", "volume {{.Name}}"),
  ];
  return lists.flatMap((list) => list.split("\n")).filter((line) => line !== "");
}
