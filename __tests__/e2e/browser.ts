/** A headless Chromium for the tests of pages: the one of the machine, installed where it is missing and that is allowed. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/** What keeps it from speaking to anybody, and from needing what a container has not. */
const flags = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export interface Browser {
  /** What the page asked the network for, what its policy forbade and what it threw: for a test to find empty. */
  readonly complaints: readonly string[];
  open(file: string, look?: Look): Promise<Page>;
  close(): Promise<void>;
}

export interface Look {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

/** Throws with what to install where there is no browser and none can be installed. */
export async function startBrowser(): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), "gate-browser-"));
  const context: BrowserContext = await chromium.launchPersistentContext(folder, {
    executablePath: browserPath(),
    args: flags,
    headless: true,
  });
  const complaints: string[] = [];
  context.on("request", (request) => {
    if (!/^(?:file|data|blob):/.test(request.url())) complaints.push(`request: ${request.url()}`);
  });
  return {
    complaints,
    async open(file, { colorScheme = "light", width = 1400, height = 900 } = {}) {
      const page = await context.newPage();
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(`console: ${message.text()}`);
      });
      page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
      page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      await page.goto(`file://${file}`);
      return page;
    },
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's `chromium` is installed by root where there is no browser. */
function browserPath(): string {
  const found = browserOnPath();
  if (found !== null) return found;
  process.stderr.write("Installing chromium\n");
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["update", "-q"],
    ["install", "-q", "-y", "--no-install-recommends", "chromium"],
  ]) {
    spawnSync("apt-get", args, { env: environment, stdio: ["ignore", "ignore", "inherit"] });
  }
  const installed = browserOnPath();
  if (installed === null) throw new Error("No Chromium: apt-get install chromium");
  return installed;
}

function browserOnPath(): string | null {
  const folders = (process.env.PATH ?? "").split(":");
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path)) ?? null;
}
