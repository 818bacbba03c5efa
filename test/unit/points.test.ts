import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {mixtureMoments} from "../../lib/mixture.js";
import {offCentre, ringOfEight, threeModes} from "../../lib/points/mixtures.js";
import type {PointSet} from "../../lib/points/index.js";
import {drawnPoints, letterPoints, pointSet, pointSets} from "../../lib/points/index.js";
import {glyph, glyphNames} from "../../lib/points/stroke-font.js";
import {seededRandom} from "../../lib/random.js";

const circle = (n: number) => Array.from({length: n}, (_, i) => [Math.cos(i), Math.sin(i)]).flat();
const everySet = [...pointSets, letterPoints("Ho 2020", {thickness: 0.1}), drawnPoints(circle(40))];

/** The mean and per-axis rms of a sample, each with its standard error. */
function measure(x: Float64Array) {
  const n = x.length / 2;
  const mean = [0, 1].map((axis) => x.reduce((sum, v, i) => sum + (i % 2 === axis ? v : 0), 0) / n);
  const squares = Float64Array.from({length: n}, (_, i) => (x[2 * i] - mean[0]) ** 2 + (x[2 * i + 1] - mean[1]) ** 2);
  const square = squares.reduce((a, b) => a + b) / n;
  const spread = squares.reduce((sum, s) => sum + (s - square) ** 2, 0) / n;
  return {
    mean,
    meanSe: Math.sqrt(square / n),
    scale: Math.sqrt(square / 2),
    scaleSe: Math.sqrt(spread / n / square / 8)
  };
}

describe("every point set", () => {
  for (const set of everySet) {
    it(`${set.name} (${set.title}) has the mean and the scale that it states`, () => {
      const {mean, meanSe, scale, scaleSe} = measure(set.sample(200_000, seededRandom(1)));
      for (const axis of [0, 1]) {
        assert.ok(Math.abs(mean[axis] - set.mean[axis]) < 4 * meanSe, `mean ${mean}, stated ${set.mean}`);
      }
      assert.ok(Math.abs(scale - set.scale) < 4 * scaleSe + 1e-12, `scale ${scale} +- ${scaleSe}, stated ${set.scale}`);
    });

    it(`${set.name} (${set.title}) draws the same finite points for the same seed`, () => {
      const x = set.sample(500, seededRandom(2));
      assert.equal(x.length, 1000);
      assert.ok(x.every(Number.isFinite));
      assert.deepEqual(set.sample(500, seededRandom(2)), x);
      assert.notDeepEqual(set.sample(500, seededRandom(3)), x);
    });
  }

  it("is standardised, but for the two golden mixtures and the one that is off centre on purpose", () => {
    const moved = everySet.filter((set) => set.scale !== 1 || set.mean[0] !== 0 || set.mean[1] !== 0);
    assert.deepEqual(moved.map((set) => set.name).sort(), ["off-centre", "ring8", "tri"]);
  });

  it("has a name of its own, by which pointSet finds it", () => {
    for (const set of pointSets) assert.equal(pointSet(set.name), set);
    assert.throws(() => pointSet("moon"), {name: "RangeError", message: /no point set "moon": choose one of .*moons/});
  });

  it("states a mixture with the same moments where it has one", () => {
    const mixtures = everySet.filter((set): set is Required<PointSet> => set.mixture !== undefined);
    assert.deepEqual(mixtures.map((set) => set.name).sort(), ["drawn", "gaussian", "off-centre", "ring8", "tri"]);
    for (const {name, mixture, mean, scale} of mixtures) {
      const {mean: m, covariance} = mixtureMoments(mixture);
      const rms = Math.sqrt((covariance[0] + covariance[3]) / 2);
      assert.ok(Math.hypot(m[0] - mean[0], m[1] - mean[1], rms - scale) < 1e-12, `${name}: ${m}, ${rms}`);
    }
  });
});

describe("the mixtures", () => {
  it("ring8 and tri are the mixtures of the golden files", () => {
    assert.deepEqual(
      ringOfEight.mixture!.means[1].map((v) => v.toFixed(12)),
      ["0.707106781187", "0.707106781187"]
    );
    assert.deepEqual(new Set(ringOfEight.mixture!.stds), new Set([0.06]));
    assert.deepEqual(threeModes.mixture!.weights, [0.5, 0.3, 0.2]);
  });

  it("off-centre is two clusters of std 0.1 away from the middle", () => {
    assert.deepEqual(offCentre.mixture!.means, [
      [2, 2],
      [2.6, 1.4]
    ]);
    assert.deepEqual(offCentre.mixture!.stds, [0.1, 0.1]);
  });
});

describe("the shapes", () => {
  const scaleOf = {checkerboard: 2 / Math.sqrt(3)};

  it("checkerboard fills the dark squares only, and all eight", () => {
    const x = pointSet("checkerboard")
      .sample(8000, seededRandom(4))
      .map((v) => v * scaleOf.checkerboard + 2);
    const counts = new Map<string, number>();
    for (let i = 0; i < x.length; i += 2) {
      const [column, row] = [Math.floor(x[i]), Math.floor(x[i + 1])];
      assert.equal((column + row) % 2, 0);
      counts.set(`${column},${row}`, (counts.get(`${column},${row}`) ?? 0) + 1);
    }
    assert.equal(counts.size, 8);
    assert.ok([...counts.values()].every((c) => c > 850 && c < 1150));
  });

  it("moons are two arcs of radius 1, one up and one down", () => {
    const scale = Math.sqrt((0.75 + 0.5625 - 1 / Math.PI) / 2 + 0.07 ** 2);
    const x = pointSet("moons")
      .sample(4000, seededRandom(5))
      .map((v) => v * scale);
    let [upper, lower] = [0, 0];
    for (let i = 0; i < x.length; i += 2) {
      const [px, py] = [x[i] + 0.5, x[i + 1] + 0.25];
      const near = (cx: number, cy: number) => Math.abs(Math.hypot(px - cx, py - cy) - 1) < 0.35;
      if (near(0, 0) && py > -0.35) ++upper;
      else if (near(1, 0.5) && py < 0.85) ++lower;
      else assert.fail(`(${px}, ${py}) is on neither arc`);
    }
    assert.ok(Math.abs(upper - lower) < 1200);
  });

  it("pinwheel has five blades: turned by a fifth of a turn it is the same", () => {
    const x = pointSet("pinwheel").sample(50_000, seededRandom(6));
    const harmonic = (k: number) => {
      let [re, im] = [0, 0];
      for (let i = 0; i < x.length; i += 2) {
        const angle = Math.atan2(x[i + 1], x[i]) - 0.25 * Math.exp(Math.hypot(x[i], x[i + 1]) * Math.sqrt(1.1 / 2));
        re += Math.cos(k * angle) / 50_000;
        im += Math.sin(k * angle) / 50_000;
      }
      return Math.hypot(re, im);
    };
    assert.ok(harmonic(5) > 0.75, `fifth harmonic ${harmonic(5)}`);
    for (const k of [1, 2, 3, 4]) assert.ok(harmonic(k) < 0.02, `harmonic ${k} is ${harmonic(k)}`);
  });

  const noise = 0.35; // across the arms of the spirals and of the roll

  it("spirals have two arms, radius = angle and half a turn apart", () => {
    const scale = Math.sqrt((9 * Math.PI ** 2) / 4 + noise ** 2);
    const x = pointSet("spirals")
      .sample(5000, seededRandom(7))
      .map((v) => v * scale);
    const counts = [0, 0, 0]; // on one arm, on the other, off both
    for (let i = 0; i < x.length; i += 2) {
      const radius = Math.hypot(x[i], x[i + 1]);
      const turns = (Math.atan2(x[i + 1], x[i]) - radius) / Math.PI; // whole on both arms
      if (radius < 2) continue;
      const arm = Math.round(turns);
      ++counts[Math.abs(turns - arm) * Math.PI < 4 * noise ? Math.abs(arm % 2) : 2];
    }
    assert.ok(counts[0] > 2000 && counts[1] > 2000 && counts[2] < 10, `counts ${counts}`);
  });

  it("swiss-roll has one arm, radius = angle, from 3/4 to 9/4 of a turn", () => {
    const angles = Array.from({length: 100_001}, (_, i) => Math.PI * (1.5 + (3 * i) / 100_000));
    const mass = angles.reduce((sum, a) => sum + a, 0);
    const mean = [Math.cos, Math.sin].map((f) => angles.reduce((sum, a) => sum + a * a * f(a), 0) / mass);
    const square = angles.reduce((sum, a) => sum + a ** 3, 0) / mass;
    const scale = Math.sqrt((square - mean[0] ** 2 - mean[1] ** 2) / 2 + noise ** 2);
    const x = pointSet("swiss-roll")
      .sample(5000, seededRandom(8))
      .map((v, i) => v * scale + mean[i % 2]);
    let off = 0;
    for (let i = 0; i < x.length; i += 2) {
      const radius = Math.hypot(x[i], x[i + 1]);
      assert.ok(radius > 1.5 * Math.PI - 4 * noise && radius < 4.5 * Math.PI + 4 * noise);
      const turns = (Math.atan2(x[i + 1], x[i]) - radius) / (2 * Math.PI);
      if (Math.abs(turns - Math.round(turns)) * 2 * Math.PI * Math.min(1, radius / 3) > 4 * noise) ++off;
    }
    assert.ok(off < 10, `${off} of 5000 points are off the arm`);
  });
});

describe("letterPoints", () => {
  it("has a glyph for A to Z and 0 to 9, each on its line: 10 high and at the left edge", () => {
    assert.equal(glyphNames.join(""), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    for (const name of glyphNames) {
      const {width, strokes} = glyph(name)!;
      const xs = strokes.flat().map(([x]) => x);
      const ys = strokes.flat().map(([, y]) => y);
      assert.ok(
        strokes.every((stroke) => stroke.length > 1),
        name
      );
      assert.ok(xs.every(Number.isFinite) && Math.min(...xs) > -0.1 && Math.min(...xs) < 0.4, name);
      assert.equal(width, Math.max(...xs), name);
      assert.ok(Math.abs(Math.max(...ys) - 10) < 0.4 && Math.abs(Math.min(...ys)) < 0.7, `${name}: ${Math.min(...ys)}`);
    }
  });

  it("spreads the points evenly along the strokes: the middle bar of an H has its share", () => {
    const x = letterPoints("H", {thickness: 0}).sample(27_000, seededRandom(8));
    const left = x.reduce((min, v, i) => (i % 2 ? min : Math.min(min, v)), Infinity);
    let bar = 0;
    for (let i = 0; i < x.length; i += 2) if (Math.abs(x[i]) < -left - 1e-9) ++bar;
    assert.ok(Math.abs(bar - 7000) < 290, `${bar} of 27000, 7 of 27 parts expected`);
  });

  it("makes small letters large, and places letters side by side", () => {
    const random = () => seededRandom(9);
    assert.deepEqual(letterPoints("ddim").sample(100, random()), letterPoints("DDIM").sample(100, random()));
    assert.notDeepEqual(letterPoints("MIDD").sample(100, random()), letterPoints("DDIM").sample(100, random()));
    assert.equal(letterPoints("a b").title, "The letters A B");
  });

  it("leaves a gap of three tenths of their height between letters", () => {
    const x = letterPoints("II", {thickness: 0}).sample(4000, seededRandom(10));
    const size = [0, 1].map((axis) => {
      const values = x.filter((_, i) => i % 2 === axis);
      return Math.max(...values) - Math.min(...values);
    });
    assert.ok(Math.abs(size[0] / size[1] - 0.3) < 0.001, `${size}`);
  });

  it("refuses words that it cannot write, and says what it can", () => {
    assert.throws(() => letterPoints("  "), {name: "RangeError", message: /between 1 and 12/});
    assert.throws(() => letterPoints("ABCDEFGHIJKLM"), /13 letters/);
    assert.throws(() => letterPoints("É"), /no letter "É": use 0123.*Z and blanks/);
    assert.throws(() => letterPoints("A", {thickness: -1}), /thickness is -1/);
  });
});

describe("drawnPoints", () => {
  it("keeps the shape: each mode is a drawn point, moved and scaled alike", () => {
    const pixels = circle(30).map((v, i) => 300 + 80 * v + (i % 2) * 50);
    const means = drawnPoints(pixels).mixture!.means;
    assert.equal(means.length, 30);
    const [d1, d2] = [1, 7].map((j) => Math.hypot(means[j][0] - means[0][0], means[j][1] - means[0][1]));
    const [p1, p2] = [1, 7].map((j) => Math.hypot(pixels[2 * j] - pixels[0], pixels[2 * j + 1] - pixels[1]));
    assert.ok(Math.abs(d1 / d2 - p1 / p2) < 1e-12);
  });

  it("asks the reader for more when fewer than 20 points are distinct", () => {
    const message = "Your drawing has 19 different points, and 20 are needed: draw a longer line, or a few more.";
    assert.throws(() => drawnPoints([...circle(19), ...circle(19)]), {name: "RangeError", message});
    assert.throws(() => drawnPoints([1, 1, 1, 1]), /has 1 point, and 20/);
    assert.throws(() => drawnPoints([]), /0 different points/);
    assert.equal(drawnPoints(circle(20)).mixture!.means.length, 20);
  });

  it("keeps at most 256 points, spread along the whole drawing", () => {
    const corner = Array.from({length: 5000}, (_, i) => [Math.min(i, 2500), Math.max(0, i - 2500)]).flat();
    const means = drawnPoints(corner).mixture!.means;
    assert.equal(means.length, 256);
    const gaps = means.slice(1).map(([x, y], i) => Math.abs(x - means[i][0]) + Math.abs(y - means[i][1]));
    assert.ok(Math.max(...gaps) < 1.1 * Math.min(...gaps));
    const [width, height] = [0, 1].map((axis) => {
      const values = means.map((mean) => mean[axis]);
      return Math.max(...values) - Math.min(...values);
    });
    assert.ok(Math.abs(width / height - 1) < 0.02, "both arms are there");
  });

  it("refuses coordinates that are no place, and half a point", () => {
    assert.throws(() => drawnPoints([...circle(20), NaN, 1]), /point 21 of the drawing is \(NaN, 1\)/);
    assert.throws(() => drawnPoints([...circle(20), 1]), /41 numbers, an odd count/);
  });

  it("does not change the array it is given", () => {
    const points = Float64Array.from(circle(30));
    const before = points.slice();
    drawnPoints(points);
    assert.deepEqual(points, before);
  });
});
