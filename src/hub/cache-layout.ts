/** Where the Hugging Face libraries keep what they fetched: https://huggingface.co/docs/huggingface_hub/guides/manage-cache. Pure but for the home folder. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";

type Environment = { readonly [name: string]: string | undefined };

/** Absolute path, by the variables and in the order of `huggingface_hub`. */
export function hubCacheFolder(env: Environment): string {
  const given = (name: string) => (env[name] === undefined || env[name] === "" ? null : withHome(env[name]));
  const cache = given("XDG_CACHE_HOME") ?? join(homedir(), ".cache");
  const home = given("HF_HOME") ?? join(cache, "huggingface");
  return resolve(given("HF_HUB_CACHE") ?? given("HUGGINGFACE_HUB_CACHE") ?? join(home, "hub"));
}

const withHome = (path: string) => path.replace(/^~(?=\/|$)/, homedir());

/** `org/model` or `model`, as the hub allows it: nothing that could leave the cache folder. */
export const isHubName = (name: string) =>
  /^[A-Za-z0-9][\w.-]*(?:\/[A-Za-z0-9][\w.-]*)?$/.test(name) && !/\.\.|--|\.git$/.test(name) && name.length <= 192;

export const repositoryFolder = (cacheFolder: string, name: string) =>
  join(cacheFolder, `models--${name.replaceAll("/", "--")}`);

export const snapshotFolder = (cacheFolder: string, name: string, revision: string) =>
  join(repositoryFolder(cacheFolder, name), "snapshots", revision);

export const blobPath = (cacheFolder: string, name: string, blob: string) =>
  join(repositoryFolder(cacheFolder, name), "blobs", blob);

/** A full commit id: the only revision that cannot move. */
export const isCommit = (revision: string) => /^[0-9a-f]{40}$/.test(revision);
