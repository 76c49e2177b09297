/** What `docker inspect` and `podman inspect` tell, as far as it is used here; both spell it nearly the same. */
import { z } from "zod";

/** podman leaves out the `sha256:`. */
const id = z.string().transform((text) => (text.startsWith("sha256:") ? text : `sha256:${text}`));
const orEmpty = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);

export const inspectedContainer = z.looseObject({
  /** Id of the image that it was made from. */
  Image: id,
  State: z.looseObject({
    Status: z.string(),
    Running: z.boolean(),
    OOMKilled: z.boolean().nullish(),
    ExitCode: z.number(),
    Error: z.string().nullish(),
  }),
  NetworkSettings: z.looseObject({
    Networks: z.record(z.string(), z.looseObject({ IPAddress: z.string().nullish() })).nullish(),
    Ports: z.record(z.string(), orEmpty(z.looseObject({ HostPort: z.string() }))).nullish(),
  }),
});
export type InspectedContainer = z.output<typeof inspectedContainer>;

export const inspectedImage = z.looseObject({
  Id: id,
  RepoDigests: orEmpty(z.string()),
  Os: z.string(),
  Architecture: z.string(),
  Config: z
    .looseObject({ Env: orEmpty(z.string()), Entrypoint: orEmpty(z.string()) })
    .nullish()
    .transform((config) => ({ Env: config?.Env ?? [], Entrypoint: config?.Entrypoint ?? [] })),
});
export type InspectedImage = z.output<typeof inspectedImage>;

/** Variables that the image sets. */
export function imageVariables({ Config }: InspectedImage): ReadonlyMap<string, string> {
  return new Map(
    Config.Env.map((entry) => {
      const equals = entry.indexOf("=");
      return equals < 0 ? [entry, ""] : [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}
