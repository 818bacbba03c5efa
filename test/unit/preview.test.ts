import assert from "node:assert/strict";
import type {Server} from "node:http";
import type {AddressInfo} from "node:net";
import {after, before, describe, it} from "node:test";
import {katexFolder, katexStyle} from "../../tools/katex-assets.js";
import {startPreview} from "../../tools/preview.js";

describe("startPreview", () => {
  let server: Server;
  let url: string;
  before(async () => {
    server = await startPreview({port: 0, verbose: false});
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it("serves a page with what the build does to it", async () => {
    const page = await (await fetch(`${url}/ddim.html`)).text();
    assert.match(page, /<html lang="en"[ >]/);
    assert.match(page, /<div class="equation" id="eq-[\w-]+"><span class="katex-display">/);
    assert.match(page, /<link rel="stylesheet" href="\.\/katex-[\d.]+\/katex\.min\.css">/);
    assert.ok(!page.includes("data-slot"));
  });

  it("serves KaTeX's style sheet and the fonts that it names", async () => {
    const style = await (await fetch(`${url}/${katexStyle}`)).text();
    const [font] = /fonts\/KaTeX_Main-Regular\.\w+/.exec(style)!;
    const response = await fetch(`${url}/${katexFolder}/${font}`);
    assert.equal(response.headers.get("content-type"), "font/woff2");
    assert.equal(Buffer.from(await response.arrayBuffer()).toString("latin1", 0, 4), "wOF2");
  });

  it("says when a port is taken", async () => {
    const {port} = server.address() as AddressInfo;
    await assert.rejects(startPreview({port}), new RegExp(`Port ${port} is taken: .*PORT=${port + 1} npm run dev`));
  });
});
