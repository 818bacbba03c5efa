/** A page with kernels on texels, to be asked for what they compute. */
import assert from "node:assert/strict";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import type {BackendName} from "../../lib/tf.js";
import {launchBrowser} from "../../tools/browser.js";
import {bundleTfjs} from "../../tools/bundle-tfjs.js";
import {serve} from "../../tools/serve.js";
import type * as digits from "./texel-page.js";
import type * as points from "./texel-points-page.js";

type Functions = typeof digits & typeof points;

export interface TexelSite {
  said: [number, number][]; // how many kernels were compiled of how many, each time that it was told
  ask<K extends keyof Functions>(
    name: K,
    ...input: Parameters<Functions[K]>
  ): Promise<Awaited<ReturnType<Functions[K]>>>;
  close(): Promise<void>;
}

/** Bundles a page, opens it and starts a backend with all its kernels. */
export async function openTexelSite(backend: BackendName, name = "texel-page.ts"): Promise<TexelSite> {
  await bundleTfjs();
  const folder = await mkdtemp(join(tmpdir(), "texels-"));
  const entry = fileURLToPath(new URL(name, import.meta.url));
  await build({
    entryPoints: {page: entry},
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022"
  });
  const script = `Object.assign(globalThis, {texels: await import("./page.js")})`;
  await writeFile(
    join(folder, "index.html"),
    `<!doctype html><title>Texels</title><script type=module>${script}</script>`
  );
  const server = await serve({folder});
  const browser = await launchBrowser();
  const tab = await browser.newPage();
  await tab.addInitScript("globalThis.__name = (f) => f");
  await tab.goto(server.url);
  await tab.waitForFunction("globalThis.texels");
  const site: TexelSite = {
    said: [],
    ask: (name, ...input) =>
      tab.evaluate(
        ([name, input]) => {
          const {texels} = globalThis as unknown as {texels: Record<string, (...input: unknown[]) => unknown>};
          return texels[name](...input) as never;
        },
        [name, input] as const
      ),
    async close() {
      await browser.close();
      await server.close();
      await rm(folder, {recursive: true});
    }
  };
  const {said, problem} = await site.ask("start", backend);
  assert.equal(problem, undefined, `${backend} does not start here`);
  site.said = said;
  return site;
}

/** Fails where numbers are further apart than they may be. */
export function assertNear(apart: Record<string, number>, most: number, what: string): void {
  for (const [name, value] of Object.entries(apart)) {
    assert.ok(value <= most, `${what}: ${name} is ${value} of its size away from what tfjs's own operations give`);
  }
}
