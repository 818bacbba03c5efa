import {mkdtemp, realpath, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import type {BuildOptions} from "esbuild";
import {libraryFiles} from "../library-modules.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What is needed to grade: a folder with the program of the process, and the scripts that it is given. */
export interface SandboxBundle {
  folder: string;
  program: string; // the files in it, which are all that the process may read
  realm: string;
  library: string;
  modules: string[]; // specifiers that an answer may import, "./lib/ddim.js"
  remove(): Promise<void>;
}

/** Bundles the program, the checks and the library into a folder of their own below the system's temporary one. */
export async function bundleSandbox(): Promise<SandboxBundle> {
  const files = libraryFiles(root);
  const modules = files.map((file) => `./${file.replace(/\.ts$/, ".js")}`);
  const entry = `export default {${files.map((file, i) => `${JSON.stringify(modules[i])}: () => import("./${file}")`).join(",\n")}};`;
  const [program, realm, library] = await Promise.all([
    bundled({entryPoints: [join(root, "tools/grading/sandbox.ts")], format: "cjs", platform: "node"}),
    bundled({entryPoints: [join(root, "tools/grading/realm.ts")], format: "iife", globalName: "realm"}),
    bundled({stdin: {contents: entry, resolveDir: root}, format: "iife", globalName: "library"})
  ]);
  const folder = await mkdtemp(join(await realpath(tmpdir()), "ddim-grading-"));
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  return {
    folder,
    program: await write("sandbox.cjs", program),
    // In functions, so that no name of theirs is a global one.
    realm: await write("realm.js", `(function () {"use strict";\n${realm}\nreturn realm.operate;})()`),
    library: await write("library.js", `(function () {"use strict";\n${library}\nreturn library.default;})`),
    modules,
    remove: () => rm(folder, {recursive: true, force: true})
  };
}

async function bundled(options: BuildOptions): Promise<string> {
  const {outputFiles} = await build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    target: "es2022",
    platform: "neutral",
    logLevel: "silent",
    ...options
  });
  return outputFiles![0].text;
}
