import {readFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {gzipSync} from "node:zlib";
import type {Plugin} from "esbuild";
import {bundle, isMain, printBundle} from "./bundle.js";
import type {BundleResult, Entry} from "./bundle.js";

// Framework bundles every npm package apart, and tfjs then breaks at run time: one of its CommonJS dependencies
// (seedrandom's alea) loses its default export, and the backends get a second tfjs-core. So tfjs is bundled here,
// beforehand: one module for the core and one for each backend, which share their chunks.

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);

/** The folder that the bundles are written to; git ignores it. */
export const vendorDirectory = join(root, "lib", "vendor");

const packages = ["core", "backend-cpu", "backend-webgl", "backend-webgpu", "backend-wasm"];

const entries: Record<string, Entry> = {
  tf: {
    // The index registers these too, but only by side effect, which bundlers may drop.
    source: `import "@tensorflow/tfjs-core/dist/register_all_gradients";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
export * from "@tensorflow/tfjs-core";`,
    types: `import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
export * from "@tensorflow/tfjs-core";`
  },
  "tf-cpu": reexport("@tensorflow/tfjs-backend-cpu"),
  "tf-webgl": reexport("@tensorflow/tfjs-backend-webgl"),
  "tf-webgpu": reexport("@tensorflow/tfjs-backend-webgpu"),
  "tf-wasm": {
    // Threads would need headers that static hosts cannot send (COOP and COEP), so the threaded binary is left out.
    source: `import {env} from "@tensorflow/tfjs-core";
export * from "@tensorflow/tfjs-backend-wasm";
env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);`,
    types: `export * from "@tensorflow/tfjs-backend-wasm";`
  }
};

function reexport(name: string): Entry {
  return {source: `export * from "${name}";`, types: `export * from "${name}";`};
}

/**
 * Writes `lib/vendor/{tf,tf-cpu,tf-webgl,tf-webgpu,tf-wasm}.js`, the chunks they share, and a `.d.ts` beside each.
 * They run in a page, in a module worker and in Node. Does nothing when the folder already holds the result of the
 * same package versions and of this same file; `force` builds all the same.
 */
export function bundleTfjs({force = false}: {force?: boolean} = {}): Promise<BundleResult> {
  return bundle({
    directory: vendorDirectory,
    entries,
    packages: packages.map((name) => `@tensorflow/tfjs-${name}`),
    recipe: fileURLToPath(import.meta.url),
    banner: "/* TensorFlow.js 4.22, Apache-2.0, github.com/tensorflow/tfjs. Made by tools/bundle-tfjs.ts. */",
    plugins: [nodeModulePlugin, modelStorePlugin, wasmPlugin],
    force
  });
}

// What tfjs asks of Node when it finds itself there: text coding and type tests from `util`, which the web has too.
// The rest is asked for only on paths that are never taken (node-fetch, the threads of the wasm backend).
const nodeModulePlugin: Plugin = {
  name: "node-modules",
  setup(build) {
    const filter = /^(util|node-fetch|crypto|fs|path|os|perf_hooks|worker_threads|string_decoder)$/;
    build.onResolve({filter}, ({path}) => ({path, namespace: "node-module"}));
    build.onLoad({filter: /.*/, namespace: "node-module"}, ({path}) => ({
      contents:
        path === "util"
          ? `export const TextEncoder = globalThis.TextEncoder, TextDecoder = globalThis.TextDecoder;
             const is = (Class) => (value) => value instanceof Class;
             export const types = {isFloat32Array: is(Float32Array), isInt32Array: is(Int32Array),
               isUint8Array: is(Uint8Array), isUint8ClampedArray: is(Uint8ClampedArray)};`
          : "export default {};"
    }));
  }
};

// Where tfjs keeps models in the browser. Only those of tfjs-layers can be kept, which is not here.
const modelStorePlugin: Plugin = {
  name: "model-stores",
  setup(build) {
    build.onLoad({filter: /tfjs-core.dist.io.(indexed_db|local_storage)\.js$/}, ({path}) => {
      const [kind, scheme] = /indexed_db/.test(path) ? ["IndexedDB", "indexeddb"] : ["LocalStorage", "localstorage"];
      const contents = `export class Browser${kind} {static URL_SCHEME = "${scheme}://"}
        export class Browser${kind}Manager {async listModels() { return {}; }}`;
      return {contents};
    });
  }
};

// The backend fetches its binary from a path beside its script, but Framework renames what it serves. So the binary
// travels inside the module: the SIMD one (every browser since 2023), gzipped, as base64. Over the wire this costs
// about what the file would.
const nodeTest =
  'ENVIRONMENT_IS_NODE=typeof process=="object"&&typeof process.versions=="object"&&typeof process.versions.node=="string"';

const wasmPlugin: Plugin = {
  name: "wasm",
  setup(build) {
    const folder = join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "wasm-out");
    build.onResolve({filter: /wasm-out\/tfjs-backend-wasm(-threaded-simd)?(\.worker)?(\.js)?$/}, ({path, kind}) => {
      if (kind === "entry-point" || path.startsWith("/")) return undefined;
      return {path: /threaded|worker/.test(path) ? "threaded" : "single", namespace: "wasm"};
    });
    build.onLoad({filter: /^threaded$/, namespace: "wasm"}, () => ({
      contents: "export default undefined; export const wasmWorkerContents = '';"
    }));
    build.onLoad({filter: /^single$/, namespace: "wasm"}, async () => {
      const binary = gzipSync(await readFile(join(folder, "tfjs-backend-wasm-simd.wasm")), {level: 9});
      return {
        resolveDir: folder,
        contents: wasmLoader(join(folder, "tfjs-backend-wasm.js"), binary.toString("base64"))
      };
    });
    // Emscripten's glue looks for CommonJS (require, __dirname) when it finds itself in Node; an ES module has none.
    build.onLoad({filter: /wasm-out.tfjs-backend-wasm\.js$/}, async ({path}) => {
      const [before, after, ...more] = (await readFile(path, "utf8")).split(nodeTest);
      if (after === undefined || more.length > 0) throw new Error(`${path} does not hold exactly one "${nodeTest}"`);
      return {contents: `${before}ENVIRONMENT_IS_NODE=false${after}`};
    });
  }
};

function wasmLoader(factoryPath: string, base64: string): string {
  return `import factory from ${JSON.stringify(factoryPath)};
const gzipped = "${base64}";
export default async function (config) {
  const bytes = Uint8Array.from(atob(gzipped), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const wasmBinary = new Uint8Array(await new Response(stream).arrayBuffer());
  return factory({...config, wasmBinary});
}`;
}

if (isMain(import.meta.url)) printBundle("lib/vendor", await bundleTfjs({force: process.argv.includes("--force")}));
