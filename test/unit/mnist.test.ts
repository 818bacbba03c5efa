import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {mkdir, mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, afterEach, before, beforeEach, describe, it} from "node:test";
import {digitsChecksum, mnistAtHand, mnistFiles, mnistPlaces, readMnist} from "../../data/mnist.js";
import type {Mnist, MnistOptions} from "../../data/mnist.js";
import type {DigitArray} from "../../lib/digits/digit-set.js";
import {assertNear} from "./near.js";
import {imagesFile, labelsFile, mirror, noiseDigits, serving, smallMnist} from "./small-mnist.js";
import type {Mirror} from "./small-mnist.js";

const train = noiseDigits(20, 1);
const test = noiseDigits(10, 2);
const {contents, files} = smallMnist(train, test);
const names = [...contents.keys()].sort();
const quiet = {update() {}, end() {}};
const nowhere = "http://127.0.0.1:1/";

describe("readMnist", () => {
  let folder: string;
  let good: Mirror;
  before(async () => (good = await mirror(serving(contents))));
  after(() => good.close());
  beforeEach(async () => {
    good.asked.length = 0;
    folder = await mkdtemp(join(tmpdir(), "mnist-"));
  });
  afterEach(() => rm(folder, {recursive: true, force: true}));

  const read = (options: MnistOptions = {}) =>
    readMnist({dir: undefined, cache: folder, mirrors: [nowhere, good.url], files, progress: quiet, ...options});
  const fill = async (folder: string) => {
    await mkdir(folder, {recursive: true});
    for (const [name, bytes] of contents) await writeFile(join(folder, name), bytes);
  };

  it("downloads the files, the small ones first, and then asks only the mirror that answered", async () => {
    let refused = 0;
    const bad = await mirror((_, response) => (++refused, response.writeHead(500).end()));
    const {train: got, test: gotTest, checksum} = await read({mirrors: [bad.url, good.url]});
    await bad.close();
    assert.deepEqual([got, gotTest], [train, test]);
    assert.equal(checksum, digitsChecksum({train, test}));
    assert.equal(good.asked.at(-1), "trainImages.gz");
    assert.deepEqual([...good.asked].sort(), names);
    assert.equal(refused, 1);
  });

  it("keeps them, so that the next run needs no network", async () => {
    await read();
    assert.deepEqual((await readdir(folder)).sort(), names);
    const {train: got} = await read({mirrors: []});
    assert.deepEqual(got, train);
  });

  it("downloads a kept file anew if it is damaged", async () => {
    await fill(folder);
    await writeFile(join(folder, "testImages.gz"), contents.get("testImages.gz")!.slice(0, -1));
    await read();
    assert.deepEqual(good.asked, ["testImages.gz"]);
    await read({mirrors: []});
  });

  it("reads from MNIST_DIR alone when that is set", async () => {
    const dir = join(folder, "own");
    await fill(dir);
    const {test: got} = await read({dir, mirrors: []});
    assert.deepEqual(got, test);
    assert.deepEqual(await readdir(folder), ["own"]);
  });

  it("names MNIST_DIR and the file when one is missing or is not the original, and downloads nothing", async () => {
    const dir = join(folder, "own");
    await fill(dir);
    await writeFile(join(dir, "trainLabels.gz"), contents.get("testLabels.gz")!);
    await assert.rejects(read({dir}), /^Error: MNIST_DIR is .*own, but trainLabels\.gz is not the original: it has/);
    await rm(join(dir, "trainLabels.gz"));
    await assert.rejects(read({dir}), /^Error: MNIST_DIR is .*own, but trainLabels\.gz cannot be read there\. Put/);
    assert.deepEqual(good.asked, []);
  });

  it("says in one line why there is no MNIST, after asking for one small file only", async () => {
    const asked = await mirror((_, response) => response.writeHead(503).end());
    const failure = await read({mirrors: [asked.url, nowhere]}).catch((error: Error) => error.message);
    await asked.close();
    assert.match(String(failure), /^testLabels\.gz could not be downloaded \(.*: HTTP 503; 127\.0\.0\.1:1: .*\)$/);
    assert.equal(asked.asked.length, 1);
  });

  it("shows its progress in one line, and ends that in success and in failure", async () => {
    const shown: (string | undefined)[] = [];
    const progress = {update: (text: string) => shown.push(text), end: (text?: string) => shown.push(text)};
    await read({progress});
    assert.match(shown[0]!, /^MNIST: 0\.0 of 0\.0 MB from 127\.0\.0\.1:\d+$/);
    assert.match(shown.at(-1)!, /^MNIST: 0\.0 MB downloaded and checked$/);
    shown.length = 0;
    await read({progress});
    assert.deepEqual(shown, [], "nothing is shown where nothing is downloaded");
    await rm(join(folder, "testImages.gz"));
    await assert.rejects(read({progress, mirrors: [nowhere]}));
    assert.deepEqual(shown, [undefined]);
  });
});

describe("mnistPlaces", () => {
  it("takes folder, cache and mirrors from the environment", () => {
    const env = {MNIST_DIR: "a", MNIST_CACHE: "b", MNIST_MIRRORS: "http://c/ http://d/"};
    assert.deepEqual(mnistPlaces(env), {dir: "a", cache: "b", mirrors: ["http://c/", "http://d/"]});
  });

  it("has a cache in the project, which git ignores, and two public mirrors", () => {
    const {dir, cache, mirrors} = mnistPlaces({MNIST_DIR: ""});
    assert.equal(dir, undefined);
    assert.match(cache, /[\\/]\.cache[\\/]mnist$/);
    assert.equal(mirrors.length, 2);
    for (const url of mirrors) assert.match(url, /^https:\/\/.*\/$/);
  });
});

describe("mnistAtHand", () => {
  it("tells whether all four files lie in the folder, or else in the cache", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mnist-"));
    const all = Object.values(mnistFiles);
    for (const {name} of all.slice(1)) await writeFile(join(folder, name), "");
    assert.equal(mnistAtHand({cache: folder}), false);
    await writeFile(join(folder, all[0].name), "");
    assert.equal(mnistAtHand({cache: folder}), true);
    assert.equal(mnistAtHand({dir: join(folder, "none"), cache: folder}), false);
    await rm(folder, {recursive: true});
  });
});

// Where MNIST is at hand, the real files too. A folder's README knew these figures before this code did.
if (mnistAtHand()) {
  describe("MNIST itself", () => {
    let mnist: Mnist;
    before(async () => (mnist = await readMnist({mirrors: []})));

    const histogram = ({labels}: DigitArray) => {
      const counts = new Array<number>(10).fill(0);
      for (const label of labels) ++counts[label];
      return counts;
    };
    const moments = ({pixels}: DigitArray) => {
      let sum = 0;
      let squares = 0;
      for (const pixel of pixels) {
        sum += pixel / 255;
        squares += (pixel / 255) ** 2;
      }
      const mean = sum / pixels.length;
      return [mean, Math.sqrt(squares / pixels.length - mean ** 2)];
    };

    it("has 60,000 and 10,000 digits, as often each as is known", () => {
      assert.deepEqual([mnist.train.count, mnist.test.count], [60000, 10000]);
      assert.deepEqual(histogram(mnist.train), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
      assert.deepEqual(histogram(mnist.test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    });

    it("begins with the known digits", () => {
      assert.deepEqual([...mnist.train.labels.slice(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
      assert.deepEqual([...mnist.test.labels.slice(0, 10)], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    });

    it("has the known checksums when it is written as unpacked files again", () => {
      const {train, test} = mnist;
      const written = [imagesFile(train), labelsFile(train), imagesFile(test), labelsFile(test)];
      assert.deepEqual(
        written.map((bytes) => createHash("md5").update(bytes).digest("hex")),
        [
          "6bbc9ace898e44ae57da46a324031adb",
          "a25bea736e30d166cdddb491f175f624",
          "2646ac647ad5339dbf082846283269ea",
          "27ae3e4e09519cfbb04c329615203637"
        ]
      );
    });

    it("has the known mean and deviation of the pixels", () => {
      const found = [...moments(mnist.train), ...moments(mnist.test)];
      [0.13066, 0.30811, 0.13251, 0.31048].forEach((want, i) => assertNear(found[i], want, 6e-6));
    });

    it("has one checksum, which the manifests of the trained weights name", () => {
      assert.equal(mnist.checksum, "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16");
    });
  });
}
