import assert from "node:assert/strict";
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {request} from "node:http";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {serve} from "../../tools/serve.js";
import type {Served} from "../../tools/serve.js";

const outer = mkdtempSync(join(tmpdir(), "ddim-notebook-serve-"));
const folder = join(outer, "dist");
let served: Served;

before(async () => {
  mkdirSync(join(folder, "_file"), {recursive: true});
  mkdirSync(`${folder}-private`);
  writeFileSync(join(outer, "secret.txt"), "secret");
  writeFileSync(join(`${folder}-private`, "secret.txt"), "secret");
  for (const name of ["index.html", "ddim.html", "a b.txt", "x.js", "x.css", "x.svg", "x.png", "x.json", "x.wasm"])
    writeFileSync(join(folder, name), `content of ${name}`);
  for (const name of ["x.woff2", "x.ico", "x.bin", "x.unknown"]) writeFileSync(join(folder, "_file", name), "");
  served = await serve({folder, path: "/some/course/"});
});
after(async () => {
  await served.close();
  rmSync(outer, {recursive: true});
});

const get = (path: string) => fetch(new URL(path, served.url));

// As `fetch` would not send it: the path exactly as written.
function getRaw(path: string): Promise<{status: number; body: string}> {
  const {port} = new URL(served.url);
  return new Promise((done, reject) => {
    const sent = request({host: "127.0.0.1", port, path, agent: false}, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => done({status: response.statusCode ?? 0, body}));
    });
    sent.on("error", reject).end();
  });
}

describe("serve({folder, path})", () => {
  it("serves on 127.0.0.1 under the sub-path", async () => {
    assert.match(served.url, /^http:\/\/127\.0\.0\.1:\d+\/some\/course\/$/);
    const response = await get("ddim.html");
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "content of ddim.html");
    assert.equal(response.headers.get("content-length"), "20");
  });
  it("sends what gains by it with gzip when asked to, to whoever takes it", async () => {
    const compressing = await serve({folder, compress: true});
    try {
      const encoding = async (name: string, accept = "gzip") => {
        const response = await fetch(new URL(name, compressing.url), {headers: {"Accept-Encoding": accept}});
        assert.equal(await response.text(), `content of ${name}`);
        return response.headers.get("content-encoding");
      };
      for (const name of ["ddim.html", "x.js", "x.wasm", "x.svg"]) assert.equal(await encoding(name), "gzip", name);
      assert.equal(await encoding("x.png"), null);
      assert.equal(await encoding("x.js", "identity"), null);
      assert.equal((await get("x.js")).headers.get("content-encoding"), null);
    } finally {
      await compressing.close();
    }
  });
  it("has clean addresses when asked to: ddim is ddim.html, which is sent on", async () => {
    const clean = await serve({folder, path: "/course/", cleanUrls: true});
    try {
      const answer = (path: string) => fetch(new URL(path, clean.url), {redirect: "manual"});
      assert.equal(await (await answer("ddim?a=1")).text(), "content of ddim.html");
      const locations: string[][] = [
        ["ddim.html?a=1", "/course/ddim?a=1"],
        ["index.html", "/course/"]
      ];
      for (const [path, location] of locations) assert.equal((await answer(path)).headers.get("location"), location);
      assert.equal(await (await answer("")).text(), "content of index.html");
      for (const path of ["none", "none.html", "x"]) assert.equal((await answer(path)).status, 404, path);
    } finally {
      await clean.close();
    }
  });
  it("sends other types, and index.html for what is not there, when asked to", async () => {
    const wrong = await serve({folder, types: {".js": "text/plain"}, fallback: true});
    try {
      const answer = (path: string) => fetch(new URL(path, wrong.url));
      assert.equal((await answer("x.js")).headers.get("content-type"), "text/plain");
      assert.equal((await answer("x.json")).headers.get("content-type"), "application/json; charset=utf-8");
      const none = await answer("none.js");
      assert.deepEqual([none.status, none.headers.get("content-type")], [200, "text/html; charset=utf-8"]);
      assert.equal(await none.text(), "content of index.html");
    } finally {
      await wrong.close();
    }
  });
  it("has nothing outside the sub-path", async () => {
    for (const path of ["/", "/ddim.html", "/some/course", "/some/courses/ddim.html"])
      assert.equal((await get(path)).status, 404, path);
  });
  it("gives a folder's index.html only for an address with a slash at the end", async () => {
    assert.equal(await (await get("")).text(), "content of index.html");
    assert.equal((await get("_file/")).status, 404);
    assert.equal((await get("_file")).status, 404);
  });
  it("takes file names as they are: ddim is not ddim.html", async () => {
    assert.equal((await get("ddim")).status, 404);
    assert.equal((await get("ddim.html/")).status, 404);
    assert.equal(await (await get("a%20b.txt?query=1#hash")).text(), "content of a b.txt");
  });
  it("states each file's type", async () => {
    const types = {
      "ddim.html": "text/html; charset=utf-8",
      "x.js": "text/javascript; charset=utf-8",
      "x.css": "text/css; charset=utf-8",
      "x.svg": "image/svg+xml",
      "x.png": "image/png",
      "x.json": "application/json; charset=utf-8",
      "x.wasm": "application/wasm",
      "_file/x.woff2": "font/woff2",
      "_file/x.ico": "image/x-icon",
      "_file/x.bin": "application/octet-stream",
      "_file/x.unknown": "application/octet-stream"
    };
    for (const [path, type] of Object.entries(types)) {
      const response = await get(path);
      assert.equal(response.headers.get("content-type"), type, path);
      assert.equal(response.headers.get("cache-control"), "no-store", path);
    }
  });
  it("refuses to leave the folder", async () => {
    const ways = ["../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "_file/../../secret.txt", "..%5csecret.txt"];
    for (const way of [...ways, "../dist-private/secret.txt"]) {
      const {status, body} = await getRaw(`/some/course/${way}`);
      assert.equal(status, 403, way);
      assert.doesNotMatch(body, /secret/, way);
    }
    for (const way of ["%00", "%", "%c0%ae%c0%ae/secret.txt"]) {
      assert.equal((await getRaw(`/some/course/${way}`)).status, 404, way);
    }
  });
  it("answers HEAD without a body and refuses what would change something", async () => {
    const head = await fetch(new URL("x.js", served.url), {method: "HEAD"});
    assert.equal(head.headers.get("content-length"), "15");
    assert.equal(await head.text(), "");
    assert.equal((await fetch(served.url, {method: "POST", body: "x"})).status, 405);
  });
  it("ends with close(), open connections included", async () => {
    const other = await serve({folder});
    await (await fetch(other.url)).text(); // fetch keeps the connection
    await other.close();
    await assert.rejects(fetch(other.url));
  });
  it("refuses a sub-path without a slash at both ends", async () => {
    await assert.rejects(serve({folder, path: "/course"}), /must begin and end with a slash/);
    await assert.rejects(serve({folder, path: "course/"}), RangeError);
  });
});
