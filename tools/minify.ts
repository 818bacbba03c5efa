import {readFile, readdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {transform, transformSync} from "esbuild";
import {withoutFileTimes} from "./file-times.js";

/**
 * Takes comments, blanks and long names out of the site's own modules, which Framework writes as they stand; a page
 * loads some eighty. What is in a folder `vendor` has been through it already. `folder` holds the built site.
 */
export async function minifyModules(folder: string): Promise<void> {
  const names = await readdir(join(folder, "_import"), {recursive: true}).catch(() => []); // a site without modules
  const modules = names.filter((name) => name.endsWith(".js") && !/[/\\]vendor[/\\]/.test(name));
  await Promise.all(
    modules.map(async (name) => {
      const file = join(folder, "_import", name);
      const {code} = await transform(withoutFileTimes(await readFile(file, "utf8")), {
        format: "esm",
        target: "es2022",
        minify: true,
        legalComments: "none"
      });
      await writeFile(file, code);
    })
  );
}

/** The same for the scripts that stand in a page. */
export function minifyInline(html: string): string {
  return html.replace(/(<script(?: type="module")?>)([^]*?)(?=<\/script>)/g, (_, tag: string, text: string) => {
    const format = tag.includes("module") ? "esm" : undefined;
    return tag + transformSync(text, {format, target: "es2022", minify: true}).code.trim();
  });
}
