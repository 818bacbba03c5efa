import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import {gzipSync} from "node:zlib";
import {packDigits} from "../../lib/digits/digit-set.js";
import type {DigitSet} from "../../lib/digits/digit-set.js";
import {loadDigits} from "../../lib/digits/load-digits.js";
import {mirror, noiseDigits} from "./small-mnist.js";
import type {Answer, Mirror} from "./small-mnist.js";

const set: DigitSet = {source: "offline", train: noiseDigits(300, 1), test: noiseDigits(50, 2)};
const bytes = gzipSync(packDigits(set));
const flipped = Uint8Array.from(bytes, (byte, i) => (i === bytes.length - 6 ? byte ^ 1 : byte)); // in gzip's checksum

const answers: Record<string, Answer> = {
  good: (_, response) => void response.end(bytes),
  cut: (_, response) => void response.end(bytes.subarray(0, bytes.length / 2)),
  empty: (_, response) => void response.end(),
  flipped: (_, response) => void response.end(flipped),
  text: (_, response) => void response.end("<!doctype html>".repeat(100)),
  other: (_, response) => void response.end(gzipSync("not digits, though it is gzip")),
  short: (_, response) => void response.end(gzipSync(packDigits(set).subarray(0, -1))),
  lost: (_, response) => {
    response.writeHead(200, {"content-length": bytes.length});
    response.write(bytes.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 20));
  },
  stalled: (_, response) => void response.writeHead(200).write(bytes.subarray(0, 100_000)),
  missing: (_, response) => void response.writeHead(404, "Not Found").end()
};

describe("loadDigits", () => {
  let server: Mirror;
  const headers: (string | undefined)[] = [];
  before(async () => {
    server = await mirror((request, response) => {
      headers.push(request.headers["cache-control"]);
      answers[request.url!.slice(1)](request, response);
    });
  });
  after(() => server.close());

  it("returns the digits of the file, and tells a share that rises from 0 to 1", async () => {
    const told: number[] = [];
    assert.deepEqual(await loadDigits(`${server.url}good`, {onProgress: (fraction) => told.push(fraction)}), set);
    assert.deepEqual([told[0], told.at(-1)], [0, 1]);
    assert.deepEqual(told, [...told].sort());
    assert.ok(told.length > 8, `the share was told ${told.length} times`);
  });

  it("unpacks in small pieces also what comes at once", async () => {
    const many = noiseDigits(12_000, 3, 0.1);
    const large = gzipSync(packDigits({source: "mnist", train: many, test: noiseDigits(0, 1)}), {level: 1});
    const {fetch: own, DecompressionStream: Unzip} = globalThis;
    let largest = 0; // piece that is unpacked at once
    globalThis.DecompressionStream = class extends TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
      constructor() {
        super({transform: (piece, unzip) => ((largest = Math.max(largest, piece.length)), unzip.enqueue(piece))});
        Object.defineProperty(this, "readable", {value: super.readable.pipeThrough(new Unzip("gzip"))});
      }
    };
    globalThis.fetch = () => Promise.resolve(new Response(new Uint8Array(large)));
    try {
      let shares = 0;
      const {train} = await loadDigits("digits.bin", {onProgress: () => ++shares});
      assert.ok(shares > 40, `the file was unpacked in ${shares} pieces`);
      assert.ok(Buffer.from(train.pixels).equals(many.pixels), "other pixels came than were packed");
    } finally {
      Object.assign(globalThis, {fetch: own, DecompressionStream: Unzip});
    }
    assert.ok(largest <= 1 << 15, `it unpacked ${largest} bytes at once`);
  });

  const again = "try again";
  const refused: [file: string, what: string, message: RegExp][] = [
    ["cut", "a file cut short", /came damaged or cut short: try again\.$/],
    ["empty", "an empty file", /The file of digits .*\.$/],
    ["flipped", "a file whose checksum is wrong", /came damaged or cut short: try again\.$/],
    ["text", "a page in place of the file", /came damaged or cut short: try again\.$/],
    ["other", "another packed file", /^This is not a file of digits: load the page again; .*\.$/],
    ["short", "a pack cut short before it was packed", /^The file of digits ends after 274765 of 274766 bytes: /],
    [
      "lost",
      "a connection that breaks",
      new RegExp(`^The download of the digits broke off \\(.+\\): check .* ${again}`)
    ],
    ["missing", "a file that is not there", /\(the server answered 404 Not Found\): try again later\.$/]
  ];
  for (const [file, what, message] of refused) {
    it(`says in a sentence what is wrong with ${what}`, async () => {
      const failure = loadDigits(server.url + file).then(
        () => "no error",
        (error: Error) => error.message
      );
      assert.match(await failure, message);
    });
  }

  it("says so when there is no connection", async () => {
    await assert.rejects(loadDigits("http://127.0.0.1:1/"), /^Error: The digits could not be loaded \(.+\): check the/);
  });

  it("stops with the signal's reason: before, while it waits for bytes, and between pieces", async () => {
    const reason = new Error("enough");
    await assert.rejects(loadDigits(`${server.url}good`, {signal: AbortSignal.abort(reason)}), reason);
    const waiting = new AbortController();
    const stalled = loadDigits(`${server.url}stalled`, {signal: waiting.signal});
    setTimeout(() => waiting.abort(reason), 100);
    await assert.rejects(stalled, reason);
    const between = new AbortController();
    const onProgress = (fraction: number) => void (fraction > 0.3 && between.abort(reason));
    await assert.rejects(loadDigits(`${server.url}good`, {signal: between.signal, onProgress}), reason);
  });

  it("asks the network, not a cache, when it is told to", async () => {
    headers.length = 0;
    await loadDigits(`${server.url}good`);
    await loadDigits(`${server.url}good`, {fresh: true});
    assert.deepEqual(headers, [undefined, "no-cache"]);
  });
});
