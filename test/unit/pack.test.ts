import assert from "node:assert/strict";
import {spawn, spawnSync} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {after, describe, it} from "node:test";
import {unzipSync} from "fflate";
import {htmlParts} from "../../tools/html.js";
import {manifest, packFiles, packZip} from "../../tools/pack.js";

const folder = mkdtempSync(join(tmpdir(), "ddim-notebook-pack-"));
after(() => rmSync(folder, {recursive: true}));

const site: Record<string, string> = {
  "index.html": "<p>one</p>",
  "ddim.html": "<p>two</p>",
  "embed/order.html": "<p>a figure</p>",
  "_file/data/a b.bin": "bytes",
  "lib/x.js": "export {}"
};
for (const [name, text] of Object.entries(site)) {
  mkdirSync(dirname(join(folder, "dist", name)), {recursive: true});
  writeFileSync(join(folder, "dist", name), text);
}
writeFileSync(join(folder, "dist", ".nojekyll"), "");
const files = packFiles(join(folder, "dist"));

describe("a pack", () => {
  it("holds the site as it is, the servers, the licences and a manifest at its top", () => {
    const text = (name: string) => new TextDecoder().decode(files.get(name));
    for (const [name, content] of Object.entries(site)) assert.equal(text(name), content);
    for (const name of ["START.txt", "serve.mjs", "serve.py", "LICENSE", "LICENSE-CONTENT", "imsmanifest.xml"])
      assert.ok(files.has(name), `${name} is missing`);
    assert.ok(!files.has(".nojekyll"), "what is meant for one host is in it");
  });

  it("comes back from its zip byte by byte, and is the same zip each time", () => {
    const zip = packZip(files);
    const back = unzipSync(zip);
    assert.deepEqual(Object.keys(back).sort(), [...files.keys()].sort());
    for (const [name, bytes] of files) assert.deepEqual(Buffer.from(back[name]), Buffer.from(bytes), name);
    assert.deepEqual(Buffer.from(packZip(packFiles(join(folder, "dist")))), Buffer.from(zip));
  });

  it("cannot be made of a site that is not built, and says what to do", () => {
    assert.throws(() => packFiles(join(folder, "none")), /holds no site: run npm run build first/);
  });
});

describe("the manifest for an LMS", () => {
  const parts = [...htmlParts(manifest([...files.keys(), "imsmanifest.xml"]))];
  const all = (name: string) =>
    parts.flatMap((part) => (part.type === "open" && part.name === name ? [part.attributes] : []));

  it("has an item for each chapter that is there, in the order of the course, each with its resource", () => {
    const items = all("item").filter(({identifierref}) => identifierref);
    assert.deepEqual(
      items.map(({identifierref}) => identifierref),
      ["page-index", "page-ddim"]
    );
    const hrefs = new Map(all("resource").map(({identifier, href}) => [identifier, href]));
    assert.equal(hrefs.get("page-ddim"), "ddim.html");
  });

  it("names every file once, by an address that a browser can follow", () => {
    const named = all("file").map(({href}) => decodeURI(href));
    assert.deepEqual(named.sort(), [...files.keys(), "imsmanifest.xml"].sort());
    assert.ok(
      all("file").some(({href}) => href === "_file/data/a%20b.bin"),
      "a blank is not encoded"
    );
  });
});

describe("the server in a pack", () => {
  const unpacked = join(folder, "unpacked");
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(unpacked, name)), {recursive: true});
    writeFileSync(join(unpacked, name), bytes);
  }
  writeFileSync(join(folder, "secret.txt"), "secret");
  const servers: [name: string, command: string][] = [
    ["serve.mjs", process.execPath],
    ["serve.py", "python3"]
  ];

  for (const [name, command] of servers) {
    if (spawnSync(command, ["--version"]).error) {
      // The runner takes a skip for a failure, and not every machine has Python.
      it(`${name} is not tested on this machine: it has no ${command}`, () => {});
      continue;
    }
    const args = [join(unpacked, name), "0"];
    it(`${name} serves the pages with their types, and nothing outside of the folder`, async () => {
      const child = spawn(command, args, {stdio: ["ignore", "pipe", "ignore"]}); // Python's tells of each request
      try {
        const url = await addressOf(child);
        const page = await fetch(url);
        assert.equal(await page.text(), "<p>one</p>");
        assert.match(page.headers.get("content-type")!, /text\/html/);
        assert.match((await fetch(`${url}lib/x.js`)).headers.get("content-type")!, /text\/javascript/);
        assert.equal(await (await fetch(`${url}_file/data/a%20b.bin`)).text(), "bytes");
        for (const path of ["none.html", "..%2fsecret.txt", "%2e%2e/secret.txt", "%"])
          assert.equal((await fetch(url + path)).status, 404, path);
        const port = new URL(url).port;
        const {status, stderr} = spawnSync(command, [join(unpacked, name), port], {encoding: "utf8", timeout: 20_000});
        assert.equal(status, 1);
        const more = `Try another one: \\w+ ${name.replace(".", "\\.")} ${Number(port) + 1}`;
        assert.match(stderr, new RegExp(`^The port ${port} cannot be used \\(.+\\)\\. ${more}\\s*$`));
      } finally {
        child.kill();
      }
    });
  }
});

/** The address that a server prints when it is ready. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = "";
    child.stdout!.on("data", (text: Buffer) => {
      said += text.toString();
      const match = /http:\/\/127\.0\.0\.1:\d+\//.exec(said);
      if (match) found(match[0]);
    });
    child.on("exit", (code) => failed(new Error(`the server left with ${code}: ${said}`)));
  });
}
