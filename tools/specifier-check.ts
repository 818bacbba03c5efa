import {readFileSync} from "node:fs";
import {join} from "node:path";
import {build} from "esbuild";
import type {Plugin} from "esbuild";
import {findLine, targetOf} from "./built-site.js";
import type {BuiltSite} from "./built-site.js";
import type {CheckOptions} from "./link-check.js";

/** An import that a built script makes. */
interface BuiltImport {
  from: string; // the file, or the page whose inline module it is
  name: string;
}

/** Reports imports in the built scripts that no browser can resolve, or whose file was not emitted. */
export async function checkSpecifiers(site: BuiltSite, {root, report}: CheckOptions): Promise<void> {
  for (const {from, name} of await builtImports(site)) {
    const message = specifierProblem(site, from, name);
    if (!message) continue;
    const page = site.pages.find(({output}) => output === from);
    report({
      file: page?.file,
      line: page && findLine(root, page, (line) => line.includes(name)),
      message: `${from}: ${message}`
    });
  }
}

function specifierProblem({files}: BuiltSite, from: string, name: string): string | undefined {
  if (!/^(\.{0,2}\/|[a-z]+:)/.test(name))
    return `import "${name}" was not resolved: is the package installed, and imported as a page can?`;
  const target = targetOf(from, name);
  if (!target)
    return /^(npm|jsr|node|observablehq):/.test(name) ? `import "${name}" means nothing to a browser` : undefined;
  if ("host" in target) return `import "${name}" loads from another host`;
  if ("outside" in target) return `import "${name}" leaves the site's folder`;
  return files.has(target.file) ? undefined : `import "${name}" would be ${target.file}, which was not emitted`;
}

async function builtImports(site: BuiltSite): Promise<BuiltImport[]> {
  // Framework's client names its optional libraries, which are not there unless a page uses them.
  const files = [...site.files].filter((file) => file.endsWith(".js") && !file.startsWith("_observablehq/"));
  const sources = new Map(files.map((file) => [file, readFileSync(join(site.folder, file), "utf8")]));
  for (const {output, modules} of site.pages) sources.set(output, modules.join("\n;\n"));
  const imports: BuiltImport[] = [];
  const plugin: Plugin = {
    name: "imports",
    setup({onResolve, onLoad}) {
      onResolve({filter: /.*/}, ({kind, path, importer}) => {
        if (kind === "entry-point") return {path, namespace: "site"};
        if (kind === "import-statement" || kind === "dynamic-import") imports.push({from: importer, name: path});
        return {path, external: true};
      });
      onLoad({filter: /.*/, namespace: "site"}, ({path}) => ({contents: sources.get(path), loader: "js"}));
    }
  };
  const entryPoints = [...sources.keys()].map((key, i) => ({in: key, out: String(i)}));
  await build({
    entryPoints,
    plugins: [plugin],
    bundle: true,
    write: false,
    outdir: "unused",
    format: "esm",
    logLevel: "silent"
  });
  for (const [from, source] of sources) {
    for (const [, , name] of source.matchAll(/\bimport\.meta\.resolve\((["'`])([^"'`]+)\1\)/g))
      imports.push({from, name});
  }
  return imports;
}
