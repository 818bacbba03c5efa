import assert from "node:assert/strict";
import {fork} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {once} from "node:events";
import {mkdir, readFile, rm, symlink, utimes, writeFile} from "node:fs/promises";
import {join, resolve} from "node:path";
import {after, before, describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import type {Browser, Page} from "playwright-core";
import {launchBrowser} from "../../tools/browser.js";
import type {CellPage} from "./cells.js";
import {openCells} from "./cells.js";

// Inside the repository, since Framework looks up packages from there.
const folder = join(".cache", `preview-${process.pid}`);
const root = join(folder, "src");

const page = (name: string, prose = "Some prose.") => `# ${name}

${prose}

\`\`\`ts editable=first
const first = 2;
\`\`\`

\`\`\`ts editable=second
const second = first * 10;
\`\`\`

first is \${first}, second is \${second}.
`;

describe("while an author writes", () => {
  let server: ChildProcess;
  let browser: Browser;
  let url: string;

  before(async () => {
    await mkdir(root, {recursive: true});
    for (const name of ["components", "lib", "data", "styles", "style.css"])
      await symlink(resolve("src", name), join(root, name));
    await writeFile(join(root, "index.md"), "# Home\n");
    const config = join(folder, "observablehq.config.ts");
    await writeFile(
      config,
      `import {siteConfig} from "../../tools/site.js";\nexport default siteConfig({root: ${JSON.stringify(root)}});\n`
    );
    for (const name of ["prose", "default", "edited", "broken"]) await writeFile(join(root, `${name}.md`), page(name));
    server = fork(fileURLToPath(new URL("preview-server.ts", import.meta.url)), [root, resolve(config)], {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "inherit", "ipc"]
    });
    const [port] = (await once(server, "message")) as [number];
    url = `http://127.0.0.1:${port}/`;
    browser = await launchBrowser();
    // The first page takes long, since Framework then bundles what cells may import.
    const first = await browser.newPage();
    first.setDefaultTimeout(150_000);
    await first.goto(`${url}prose`);
    await first.waitForFunction(() => customElements.get("live-cell"));
    await first.close();
  });

  after(async () => {
    clearInterval(again);
    await browser.close();
    server.kill("SIGKILL");
    await rm(folder, {recursive: true, force: true});
  });

  const change = async (name: string, from: string, to: string): Promise<void> => {
    const file = join(root, `${name}.md`);
    const text = await readFile(file, "utf8");
    assert.ok(text.includes(from), `${name}.md has no ${from}`);
    await writeFile(file, text.replace(from, to));
    clearInterval(again);
    again = setInterval(() => void utimes(file, new Date(), new Date()), 2000);
  };
  // As an author saves again where nothing happens: the server begins to watch a page some time after it has greeted it.
  let again: ReturnType<typeof setInterval> | undefined;

  const open = async (name: string): Promise<CellPage> => {
    const cells = await openCells(browser, `${url}${name}`);
    await shows(cells.page, "first is 2, second is 20.");
    await cells.page.waitForTimeout(500); // until the page listens for changes
    return cells;
  };

  const shows = (page: Page, text: string) => page.getByText(text, {exact: true}).waitFor();

  it("a change of prose shows at once, and the reader's edit stays", async () => {
    const cells = await open("prose");
    await cells.run("first", "const first = 7;");
    await shows(cells.page, "first is 7, second is 70.");
    await change("prose", "Some prose.", "Other prose.");
    await shows(cells.page, "Other prose.");
    await shows(cells.page, "first is 7, second is 70.");
    await cells.run("first", "const first = 8;");
    await shows(cells.page, "first is 8, second is 80.");
    await cells.close();
  });

  it("a change of a default runs at once, and can be edited", async () => {
    const cells = await open("default");
    await change("default", "const first = 2;", "const first = 3;");
    await shows(cells.page, "first is 3, second is 30.");
    await cells.run("first", "const first = 4;");
    await shows(cells.page, "first is 4, second is 40.");
    await cells.press("first", "Reset");
    await shows(cells.page, "first is 3, second is 30.");
    await cells.close();
  });

  it("a change of the default of an edited cell takes its place, and the edit is offered", async () => {
    const cells = await open("edited");
    await cells.run("first", "const first = 5;");
    await shows(cells.page, "first is 5, second is 50.");
    await change("edited", "const first = 2;", "const first = 6;");
    await shows(cells.page, "first is 6, second is 60.");
    await cells.cell("first").getByText("The page’s own code has changed").waitFor();
    await cells.press("first", "Take my edit");
    await cells.run("first");
    await shows(cells.page, "first is 5, second is 50.");
    await cells.close();
  });

  it("a syntax error shows, and its repair brings everything back", async () => {
    const cells = await open("broken");
    await change("broken", "const first = 2;", "const first = ;");
    await cells.page.locator(".observablehq--error").first().waitFor();
    await change("broken", "const first = ;", "const first = 9;");
    await shows(cells.page, "first is 9, second is 90.");
    assert.equal(await cells.page.locator(".observablehq--error").count(), 0);
    await cells.run("second", "const second = first + 1;");
    await shows(cells.page, "first is 9, second is 10.");
    await cells.close();
  });
});
