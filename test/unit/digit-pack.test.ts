import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {gunzipSync, gzipSync} from "node:zlib";
import {digitPack, isOfflinePack, packMnist, packOffline, siteCounts} from "../../data/digit-pack.js";
import {mnistAtHand, mnistPlaces, readMnist} from "../../data/mnist.js";
import {digitPixels} from "../../lib/digits/digit.js";
import {packDigits, sliceDigits, unpackDigits} from "../../lib/digits/digit-set.js";
import {noiseDigits} from "./small-mnist.js";

const unpack = (bytes: Uint8Array) => unpackDigits(gunzipSync(bytes));
const train = noiseDigits(40, 1);
const test = noiseDigits(20, 2);
const drawn = noiseDigits(2400, 3, 0.15); // as much ink as digits have
const offlinePack = packOffline(drawn.pixels, drawn.labels);

describe("packMnist", () => {
  it("packs the first digits of each part", () => {
    const set = unpack(packMnist({train, test}, {train: 30, test: 10}));
    assert.deepEqual(set, {source: "mnist", train: sliceDigits(train, 0, 30), test: sliceDigits(test, 0, 10)});
  });

  it("refuses a file above 2.5 MB", () => {
    const many = noiseDigits(4000, 4);
    assert.throws(() => packMnist({train: many, test}, {train: 4000, test: 0}), /have \d+ bytes: at most 2500000/);
  });
});

describe("packOffline", () => {
  it("takes the last sixth for testing, and says that the digits are not MNIST", () => {
    const {source, train, test} = unpack(offlinePack);
    assert.deepEqual([source, train.count, test.count], ["offline", 2000, 400]);
    assert.deepEqual([...train.labels, ...test.labels], [...drawn.labels]);
  });

  it("rounds greys to 32 levels, black and white among them", () => {
    const {train} = unpack(offlinePack);
    assert.equal(new Set(train.pixels).size, 32);
    const off = train.pixels.reduce((most, pixel, i) => Math.max(most, Math.abs(pixel - drawn.pixels[i])), 0);
    assert.ok(off <= 5, `a grey is off by ${off}`);
    const {train: exact} = unpack(packOffline(drawn.pixels, drawn.labels, {levels: 256}));
    assert.ok(
      Buffer.from(exact.pixels).equals(drawn.pixels.slice(0, exact.pixels.length)),
      "256 levels change a pixel"
    );
  });

  it("refuses too few digits, arrays that do not fit, and a file above 600 kB", () => {
    const {pixels, labels} = noiseDigits(2100, 5, 0);
    assert.throws(() => packOffline(pixels, labels), /1750 digits are for training: at least 2000/);
    assert.throws(() => packOffline(pixels.subarray(1), labels, {test: 100}), /2100 labels, but 1646399 pixels/);
    const noise = noiseDigits(2100, 5);
    assert.throws(() => packOffline(noise.pixels, noise.labels, {test: 0}), /bytes: at most 600000 are allowed/);
  });
});

describe("isOfflinePack", () => {
  it("tells the offline digits, and what is damaged, from MNIST", () => {
    assert.equal(isOfflinePack(offlinePack), true);
    assert.equal(isOfflinePack(packMnist({train, test}, {train: 1, test: 1})), false);
    assert.equal(isOfflinePack(offlinePack.subarray(0, 1000)), true);
  });
});

describe("digitPack", () => {
  let folder: string;
  let offline: string;
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const read = () => Promise.reject(new Error("no\nnetwork."));
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "digit-pack-"));
    offline = join(folder, "offline.bin");
    await writeFile(offline, offlinePack);
  });
  after(() => rm(folder, {recursive: true}));

  it("packs MNIST where it can be had, and has nothing to say", async () => {
    const blank = (count: number) => ({
      count,
      pixels: new Uint8Array(count * digitPixels),
      labels: new Uint8Array(count)
    });
    const mnist = {train: blank(siteCounts.train + 1), test: blank(siteCounts.test + 1)};
    const {source, train, test} = unpack(await digitPack({read: () => Promise.resolve(mnist), offline, say}));
    assert.deepEqual([source, train.count, test.count, lines], ["mnist", 10_000, 2_000, []]);
  });

  it("takes the offline digits where it cannot, and says so in one line", async () => {
    const bytes = await digitPack({read, offline, say});
    assert.ok(Buffer.from(bytes).equals(offlinePack), "other bytes came than those of the file");
    const line = "No MNIST: no network. The pages get the offline digits, drawn by the pretrained model.";
    assert.deepEqual(lines.splice(0), [line]);
  });

  it("fails, and says what to do, where those are missing, damaged or not what they should be", async () => {
    const other = join(folder, "other.bin");
    await assert.rejects(
      digitPack({read, offline: other, say}),
      /^Error: No MNIST: no network\. The offline .* missing/
    );
    await writeFile(other, offlinePack.subarray(0, -9));
    await assert.rejects(
      digitPack({read, offline: other, say}),
      /The offline digits are damaged \(.*\)\. Set MNIST_DIR/
    );
    await writeFile(other, gzipSync(packDigits({source: "mnist", train, test})));
    await assert.rejects(digitPack({read, offline: other, say}), /they say that they are from mnist/);
    assert.deepEqual(lines, []);
  });
});

describe("the data loader", () => {
  const folder = mkdtemp(join(tmpdir(), "digit-loader-"));
  after(async () => rm(await folder, {recursive: true}));
  const load = async (env: Record<string, string>) => {
    const args = ["--import", "tsx", "src/data/digits.bin.ts"];
    const options = {env: {...process.env, ...env}, encoding: "buffer", maxBuffer: 1 << 26, timeout: 60_000} as const;
    return new Promise<{code: number; out: Buffer; said: string}>((done) => {
      execFile(process.execPath, args, options, (error, out, said) =>
        done({code: error ? Number(error.code ?? -1) : 0, out, said: said.toString()})
      );
    });
  };
  const unreachable = async () => ({MNIST_DIR: "", MNIST_CACHE: await folder, MNIST_MIRRORS: "http://127.0.0.1:2/"});

  it("writes the offline digits where no mirror can be reached, and one line that says so", async () => {
    const {code, out, said} = await load(await unreachable());
    assert.match(
      said,
      /^No MNIST: .* could not be downloaded \(127\.0\.0\.1:2: .*\)\. The pages get the offline .*\n$/
    );
    assert.equal(code, 0);
    const {source, train} = unpack(out);
    assert.equal(source, "offline");
    assert.ok(train.count >= 2000, `there are ${train.count} digits`);
    assert.ok(out.length <= 600_000, `they take ${out.length} bytes`);
  });

  if (mnistAtHand()) {
    it("writes the first digits of MNIST in at most 2.5 MB, and says nothing", async () => {
      const {code, out, said} = await load({});
      assert.deepEqual([code, said], [0, ""]);
      assert.ok(out.length <= 2_500_000, `they take ${out.length} bytes`);
      const {source, train, test} = unpack(out);
      const mnist = await readMnist({...mnistPlaces(), mirrors: []});
      assert.equal(source, "mnist");
      assert.deepEqual([train.count, test.count], [10_000, 2_000]);
      for (const [got, all] of [
        [train, mnist.train],
        [test, mnist.test]
      ]) {
        const want = sliceDigits(all, 0, got.count);
        assert.ok(Buffer.from(got.pixels).equals(want.pixels), "other pixels than those of MNIST");
        assert.ok(Buffer.from(got.labels).equals(want.labels), "other labels than those of MNIST");
      }
    });
  }
});
