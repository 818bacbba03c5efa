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
        source: `export {default as binary} from "assembly:";`,
        types: "/** WebAssembly, as base64. */\nexport declare const binary: string;"
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
      const binary = await compileAssembly();
      return {contents: `export default ${JSON.stringify(Buffer.from(binary).toString("base64"))};`};
    });
  }
};

/** The compiled kernels. Throws an Error with the compiler's words where the source is wrong. */
export async function compileAssembly(entry = "index.ts", folder = assembly): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const {default: asc} = await import("assemblyscript/asc"); // only here: to load it takes many seconds
  const options = [entry, "-o", "kernels.wasm", "-O3", "--noAssert", "--runtime", "stub", "--importMemory"];
  const {error, stderr} = await asc.main([...options, "--enable", "simd"], {
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
