import {readdirSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Plugin} from "esbuild";
import {bundle, isMain, printBundle} from "./bundle.js";
import type {BundleResult} from "./bundle.js";

// The kernels are written in AssemblyScript and compiled here to a few kilobytes of WebAssembly, which travel inside a
// module: no path to configure, and it works under a strict policy.

const root = fileURLToPath(new URL("..", import.meta.url));
const assembly = join(root, "lib", "kernels", "assembly");

/** The folder that the compiled kernels are written to; git ignores it. */
export const kernelsDirectory = join(root, "lib", "kernels", "vendor");

/** Writes `lib/kernels/vendor/kernels.js`, unless it is up to date; `force` compiles all the same. */
export function bundleKernels({force = false}: {force?: boolean} = {}): Promise<BundleResult> {
  return bundle({
    directory: kernelsDirectory,
    entries: {
      kernels: {
        source: `export {plain, relaxed} from "assembly:";`,
        types:
          "/** WebAssembly, as base64: with SIMD, and with relaxed SIMD too. */\n" +
          "export declare const plain: string;\nexport declare const relaxed: string;"
      }
    },
    packages: ["assemblyscript"],
    recipe: fileURLToPath(import.meta.url),
    sources: readdirSync(assembly, {recursive: true, encoding: "utf8"})
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(assembly, name)),
    banner: "/* Made by tools/bundle-kernels.ts from lib/kernels/assembly. */",
    plugins: [assemblyPlugin],
    force
  });
}

const assemblyPlugin: Plugin = {
  name: "assembly",
  setup(build) {
    build.onResolve({filter: /^assembly:$/}, ({path}) => ({path, namespace: "assembly"}));
    build.onLoad({filter: /.*/, namespace: "assembly"}, async () => {
      const text = async (features: readonly string[]) =>
        JSON.stringify(Buffer.from(await compileAssembly({features})).toString("base64"));
      return {
        contents: `export const plain = ${await text(["simd"])}, relaxed = ${await text(["simd", "relaxed-simd"])};`
      };
    });
  }
};

export interface AssemblyOptions {
  folder?: string; // of the sources; defaults to lib/kernels/assembly
  features?: readonly string[]; // of WebAssembly; defaults to SIMD
}

/** The compiled kernels. Throws an Error with the compiler's words where the source is wrong. */
export async function compileAssembly({
  folder = assembly,
  features = ["simd"]
}: AssemblyOptions = {}): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const {default: asc} = await import("assemblyscript/asc"); // only here: to load it takes many seconds
  const options = ["index.ts", "-o", "kernels.wasm", "-O3", "--noAssert", "--runtime", "stub", "--importMemory"];
  const {error, stderr} = await asc.main([...options, ...features.flatMap((feature) => ["--enable", feature])], {
    readFile: (name, base) => readFile(join(base === "." ? folder : base, name), "utf8").catch(() => null),
    writeFile: (name, contents) => {
      if (name === "kernels.wasm") binary = contents as Uint8Array;
    },
    listFiles: () => []
  });
  if (error || !binary) throw new Error(`the kernels do not compile: ${stderr.toString() || error?.message}`);
  return binary;
}

if (isMain(import.meta.url)) {
  printBundle("lib/kernels/vendor", await bundleKernels({force: process.argv.includes("--force")}));
}
