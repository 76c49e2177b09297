/** The schema of `image` and `container`. Field names are those of Compose where it has the same. */
import { z } from "zod";
import { oneOf } from "./schema-words.ts";

const size = "a size such as 512m or 16g";
const sizeText = () => z.string(size).regex(/^[1-9][0-9]*[bkmg]?$/i, size);
const inside = "an absolute path inside the container";
const insidePath = () => z.string(inside).regex(/^\/[^:,\n]*$/, inside);
const device = 'an index such as "0", a UUID such as GPU-1a2b…, or a MIG device such as "0:1" or MIG-1a2b…';
const gpus = 'all, none, a number of GPUs, or a list of devices such as ["0", "1"]';
const variable =
  "a name of a variable (letters, digits and `_`), none of GitHub, its runner or the gate (GITHUB_…, ACTIONS_…, RUNNER_…, INPUT_…, INFERENCE_GATE_…)";
const capability = "a name of a Linux capability such as SYS_NICE";
const user = '"host", or a user such as "1000" or "1000:1000" in quotes';
const platform = "a platform such as linux/amd64";

export const imageSchema = z
  .string("an image locked by its digest, such as registry.example/team/vllm@sha256:…")
  .describe(
    "Image of the engine, by digest (`name@sha256:…`); a tag alone is refused. With `runtime: docker` or `podman` only. The digest is part of the contract.",
  );

export const containerSchema = z.strictObject(
  {
    gpus: z
      .union(
        [
          oneOf(["all", "none"] as const),
          z.int().min(1).max(64),
          z
            .array(z.string(device).regex(/^(?:[0-9]{1,2}(?::[0-9]{1,2})?|GPU-[0-9a-f-]+|MIG-[0-9A-Za-z/-]+)$/, device))
            .min(1),
        ],
        gpus,
      )
      .default("none")
      .describe("GPUs that the engine sees: `all`, `none`, a number, or a list of indexes, UUIDs or MIG devices."),
    shm_size: sizeText().optional().describe("Largest size of /dev/shm, such as `16g`; `8g` when it is left out."),
    ipc: oneOf(["private", "shareable", "host", "none"] as const)
      .optional()
      .describe("Namespace for shared memory. `host` shares that of the machine, and then `shm_size` has no effect."),
    volumes: z
      .array(
        z.strictObject(
          {
            source: z.string("a path").min(1, "a path").describe("File or folder of the host, relative to the suite."),
            target: insidePath().describe("Where it is inside."),
            read_only: z.boolean("true or false").default(true).describe("`false` lets the engine write there."),
          },
          "a mapping such as { source: /models, target: /models }",
        ),
        "a list of mappings such as { source: /models, target: /models }",
      )
      .default([])
      .describe("Further files of the host. What the engine's own options name is mounted without being listed here."),
    env: z
      .array(
        z
          .string(variable)
          .regex(/^(?!(?:GITHUB|ACTIONS|RUNNER|INPUT|INFERENCE_GATE)_)[A-Za-z_][A-Za-z0-9_]*$/, variable),
        "a list of names of variables",
      )
      .default([])
      .describe(
        "Variables of the gate's own environment that are passed on, such as `HF_TOKEN`; nothing else of it is, and none of GitHub, its runner or the gate. Fixed values belong into `engine.env`.",
      ),
    network: oneOf(["none-out", "allow"] as const)
      .default("none-out")
      .describe("`none-out`: the engine reaches nothing outside. `allow`: it may; reported in the environment."),
    cap_add: z
      .array(z.string(capability).regex(/^[A-Z][A-Z_]+$/, capability), "a list of names of capabilities")
      .default([])
      .describe("Linux capabilities that the engine needs; all others are dropped."),
    no_new_privileges: z
      .boolean("true or false")
      .default(true)
      .describe("`false` lets set-user-id programs inside gain privileges."),
    read_only: z
      .boolean("true or false")
      .default(true)
      .describe("The image's own files cannot be changed. `false` for an engine that writes into its installation."),
    tmpfs: z
      .array(insidePath(), "a list of paths inside")
      .default([])
      .describe(
        "Further folders inside that the engine may write to, beside /tmp, /run and /var/tmp; gone with the container.",
      ),
    memory: sizeText().optional().describe("Most memory, such as `32g`; no swap beside it."),
    cpus: z
      .number("a number of CPUs above 0")
      .gt(0, "a number of CPUs above 0")
      .optional()
      .describe("Most CPU time, in CPUs."),
    pids_limit: z
      .int("a whole number from 1")
      .min(1, "a whole number from 1")
      .default(8192)
      .describe("Most processes and threads."),
    user: z
      .string(user)
      .regex(/^(?:host|[0-9]+(?::[0-9]+)?|[a-z_][a-z0-9_-]*(?::[a-z0-9_-]+)?)$/, user)
      .optional()
      .describe("User inside; `host` for the one that runs the gate. By itself the image's own."),
    platform: z
      .string(platform)
      .regex(/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9]+)?$/, platform)
      .optional()
      .describe("Platform to take from an image for several, such as `linux/arm64`; by itself that of the machine."),
    pull_timeout_s: z
      .number("a number of seconds above 0")
      .gt(0, "a number of seconds above 0")
      .max(604_800, "at most 604800 (a week)")
      .default(3600)
      .describe("Until the image is there, in seconds."),
  },
  "a mapping such as { gpus: all }",
);
