import assert from "node:assert/strict";
import {mkdtemp, readFile, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, it} from "node:test";
import {download} from "../../data/download.js";
import type {DownloadOptions} from "../../data/download.js";
import {seededRandom} from "../../lib/random.js";
import {known, mirror, serving, startOf} from "./small-mnist.js";
import type {Answer, Mirror} from "./small-mnist.js";

const random = seededRandom(1);
const bytes = Uint8Array.from({length: 50_000}, () => random.integer(256));
const damaged = Uint8Array.from(bytes, (byte, i) => (i === 30_000 ? byte ^ 1 : byte));
const file = known("a.gz", bytes);
const good = serving(new Map([["a.gz", bytes]]));

const damagedOnes = serving(new Map([["a.gz", damaged]]));
const cut: Answer = (_, response) => {
  response.writeHead(200, {"content-length": bytes.length});
  response.write(bytes.subarray(0, 20_000), () => setTimeout(() => response.destroy(), 200)); // what was sent has arrived by then
};
const silent: Answer = () => {};
const stalled: Answer = (_, response) => void response.writeHead(200).write(bytes.subarray(0, 10_000));
const trickling: Answer = (_, response) => {
  response.writeHead(200);
  let at = 0;
  const timer = setInterval(() => response.write(bytes.subarray(at, (at += 10))), 20);
  response.on("close", () => clearInterval(timer));
};
const refusing: Answer = (_, response) => void response.writeHead(503).end("no");

describe("download", () => {
  let folder: string;
  let mirrors: Mirror[];
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "download-"))));
  afterEach(async () => {
    await Promise.all(mirrors.map((each) => each.close()));
    await rm(folder, {recursive: true, force: true});
  });

  async function from(answers: Answer[], options: Partial<DownloadOptions> = {}) {
    mirrors = await Promise.all(answers.map(mirror));
    return download(file, {mirrors: mirrors.map(({url}) => url), folder, idle: 1000, ...options});
  }
  /** Each mirror's answer in turn, the last one for good. */
  const inTurn = (...answers: Answer[]): Answer => {
    return (request, response) => (answers.length > 1 ? answers.shift()! : answers[0])(request, response);
  };
  const assertGot = async (got: {bytes: Uint8Array; mirror: string}, from = 0) => {
    assert.ok(Buffer.from(got.bytes).equals(bytes), "these are not the bytes of the file");
    assert.equal(got.mirror, mirrors[from].url);
    assert.deepEqual(await readdir(folder), ["a.gz"]);
    assert.ok((await readFile(join(folder, "a.gz"))).equals(bytes), "what was kept is not the file");
  };

  it("takes the first mirror, keeps the file, and tells how far it is", async () => {
    const told: number[] = [];
    await assertGot(await from([good, good], {onProgress: (bytes) => told.push(bytes)}));
    assert.equal(told.at(-1), 50_000);
    assert.deepEqual(mirrors[1].asked, []);
  });

  it("goes on with a Range request where a download broke off", async () => {
    await assertGot(await from([inTurn(cut, good)]));
    assert.deepEqual(mirrors[0].asked, ["a.gz", "a.gz from 20000"]);
  });

  it("starts again if the mirror answers a Range request with the whole file", async () => {
    const whole: Answer = (_, response) => void response.writeHead(200).end(bytes);
    await assertGot(await from([inTurn(cut, whole)]));
  });

  it("starts a damaged file again from nothing", async () => {
    await assertGot(await from([inTurn(damagedOnes, good)]));
    assert.deepEqual(mirrors[0].asked, ["a.gz", "a.gz"]);
  });

  it("takes a file with extra bytes for damaged", async () => {
    const long = serving(new Map([["a.gz", new Uint8Array([...bytes, 1])]]));
    await assertGot(await from([inTurn(long, good)]));
  });

  it("gives up a mirror that keeps sending damage, and takes the next", async () => {
    await assertGot(await from([damagedOnes, good]), 1);
    assert.equal(mirrors[0].asked.length, 3);
  });

  it("gives up a mirror that is silent, and takes the next", async () => {
    await assertGot(await from([silent, good]), 1);
    assert.equal(mirrors[0].asked.length, 1);
  });

  it("goes on at the next mirror with what a stalled one has sent", async () => {
    await assertGot(await from([stalled, good]), 1);
    assert.deepEqual(mirrors[1].asked, ["a.gz from 10000"]);
  });

  it("gives up a mirror that is too slow, though it never stops, and takes the next", async () => {
    await assertGot(await from([trickling, good], {limit: 400}), 1);
  });

  it("gives up a mirror that answers with an error, and one that sends another part than was asked for", async () => {
    const askew: Answer = (request, response) => {
      const from = startOf(request);
      if (!from) return cut(request, response);
      response.writeHead(206, {"content-range": `bytes ${from + 1}-49999/50000`}).end(bytes.subarray(from + 1));
    };
    await assertGot(await from([refusing, askew, good]), 2);
  });

  it("waits for a mirror that is slow but never silent for long", async () => {
    const steady: Answer = (_, response) => {
      response.writeHead(200);
      let at = 0;
      const timer = setInterval(() => {
        response.write(bytes.subarray(at, (at += 5000)));
        if (at < bytes.length) return;
        clearInterval(timer);
        response.end();
      }, 150);
    };
    await assertGot(await from([steady, good], {idle: 1000}));
    assert.equal(mirrors[0].asked.length, 1);
  });

  it("says in one line what was wrong with each mirror", async () => {
    const failure = from([refusing, silent, damagedOnes, cut]).catch((error: Error) => error.message);
    const hosts = (message: string) =>
      mirrors.reduce((text, {url}, i) => text.replace(new URL(url).host, `m${i}`), message);
    assert.match(
      hosts(String(await failure)),
      /^a\.gz could not be downloaded \(m0: HTTP 503; m1: no answer in 1 s; m2: damaged, since its SHA-256 is \S+ not \S+; m3: .+\)$/
    );
  });

  it("says so when a host is unknown or refuses", async () => {
    mirrors = [];
    const tried = ["http://no-such-host.invalid/", "http://127.0.0.1:1/"];
    const failure = await download(file, {mirrors: tried, folder}).catch((error: Error) => error.message);
    assert.match(String(failure), /no-such-host\.invalid: its name is not known here; 127\.0\.0\.1:1: \S/);
  });

  it("keeps what has come when all mirrors fail, and goes on from there in a later run", async () => {
    await assert.rejects(from([cut]), /could not be downloaded/);
    assert.deepEqual(await readdir(folder), ["a.gz.part"]);
    await Promise.all(mirrors.map((each) => each.close()));
    await assertGot(await from([good]));
    assert.deepEqual(mirrors[0].asked, ["a.gz from 20000"]);
  });

  it("starts again from nothing when what was kept is damaged or too long", async () => {
    for (const rest of [damaged.subarray(0, 40_000), new Uint8Array(60_000), new Uint8Array(50_000)]) {
      await writeFile(join(folder, "a.gz.part"), rest);
      await assertGot(await from([good]));
      await Promise.all(mirrors.map((each) => each.close()));
      await rm(join(folder, "a.gz"));
    }
  });

  it("returns the file also where it cannot be kept", async () => {
    await writeFile(join(folder, "file"), "");
    const {bytes: got} = await from([good], {folder: join(folder, "file", "under")});
    assert.equal(got.length, 50_000);
  });
});
