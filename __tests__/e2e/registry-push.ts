/** Puts layers and an image into a registry by the OCI distribution protocol: without a container engine, and without compressing gigabytes. */
import { createHash } from "node:crypto";
import { type IncomingMessage, request } from "node:http";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Digest, parseDigest } from "../../src/model/digest.ts";

/** A tar file in the registry as it is, so that it has one digest inside the image and out. */
export interface Layer {
  readonly digest: Digest;
  readonly bytes: number;
}

export interface ImageConfig {
  readonly Entrypoint: readonly string[];
  readonly Env: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: { readonly [label: string]: string };
}

const layerType = "application/vnd.docker.image.rootfs.diff.tar";
const configType = "application/vnd.docker.container.image.v1+json";
const manifestType = "application/vnd.docker.distribution.manifest.v2+json";

/** One image name of a registry without TLS, such as `127.0.0.1:5000` and `gate/vllm`. */
export interface ImagePlace {
  readonly registry: string;
  readonly name: string;
}

export async function pushLayer(place: ImagePlace, content: Readable | AsyncIterable<Buffer>): Promise<Layer> {
  const begun = await ask(place, "POST", "/blobs/uploads/");
  const upload = locationOf(begun);
  const hash = createHash("sha256");
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const stored = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(upload, { method: "PATCH", headers: { "content-type": "application/octet-stream" } }, resolve);
    sent.on("error", reject);
    pipeline(content, counted, sent).catch(reject);
  });
  stored.resume();
  const end = new URL(stored.headers.location ?? "", upload);
  const digest = digestOf(hash.digest("hex"));
  end.searchParams.set("digest", digest);
  await answered(await fetch(end, { method: "PUT" }), 201);
  return { digest, bytes };
}

/** The digest of the manifest, which is that of the image. */
export async function pushImage(
  place: ImagePlace,
  tag: string,
  layers: readonly Layer[],
  config: ImageConfig,
): Promise<Digest> {
  const image = { architecture: "amd64", os: "linux", config, rootfs: { type: "layers", diff_ids: digests(layers) } };
  const described = await pushLayer(place, one(Buffer.from(JSON.stringify(image))));
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: configType, size: described.bytes, digest: described.digest },
    layers: layers.map(({ digest, bytes }) => ({ mediaType: layerType, size: bytes, digest })),
  };
  const put = await ask(place, "PUT", `/manifests/${tag}`, JSON.stringify(manifest));
  await answered(put, 201);
  return digestOf((put.headers.get("docker-content-digest") ?? "").replace("sha256:", ""));
}

/** Whether the registry has that image; `reference` is a digest or a tag. */
export async function hasImage(place: ImagePlace, reference: string): Promise<boolean> {
  const { status } = await ask(place, "HEAD", `/manifests/${reference}`);
  return status === 200;
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

const digests = (layers: readonly Layer[]) => layers.map(({ digest }) => digest);

function digestOf(hex: string): Digest {
  const digest = parseDigest(`sha256:${hex}`);
  if (digest === null) throw new Error(`no digest: ${hex}`);
  return digest;
}

function ask({ registry, name }: ImagePlace, method: string, path: string, body?: string): Promise<Response> {
  const headers = { accept: manifestType, ...(body === undefined ? {} : { "content-type": manifestType }) };
  return fetch(`http://${registry}/v2/${name}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
}

const locationOf = (begun: Response) => new URL(begun.headers.get("location") ?? "", begun.url);

async function answered(response: Response, status: number): Promise<void> {
  if (response.status !== status) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
}
