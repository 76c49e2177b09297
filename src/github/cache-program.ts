/**
 * The only user of GitHub's cache toolkit, as a program of its own: `restore|save <folder> <key>`. The toolkit is large, prints warnings
 * of its own and keeps connections open; so it is loaded only when a cache service is there, and nobody but its caller hears it. The
 * last line of its output is `{"outcome": …}`.
 */
import { restoreCache, saveCache } from "@actions/cache";

const [verb, folder = "", key = ""] = process.argv.slice(2);

const outcome = async (): Promise<{ readonly outcome: string; readonly why?: string }> => {
  if (verb === "restore") {
    // A key is also a prefix: the newest cache whose key begins with it is taken.
    const found = await restoreCache([folder], key);
    return { outcome: found === undefined ? "nothing" : "restored" };
  }
  // The toolkit tells of a refusal in words that it prints, and by this number.
  const saved = await saveCache([folder], key);
  return { outcome: saved === -1 ? "refused" : "saved" };
};

const told = await outcome().catch((error: unknown) => ({ outcome: "failed", why: String(error) }));
process.stdout.write(`\n${JSON.stringify(told)}\n`, () => process.exit(0));
