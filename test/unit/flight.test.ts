import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {seededRandom} from "../../lib/random.js";
import {flightOf, reachOf, sizeOf, spread} from "../../src/components/flight.js";

const cloud = (scale = 1, shift = 0) => Float32Array.from(seededRandom(1).normals(400), (z) => scale * z + shift);
const options = {who: "DDIM", size: 0.7, usual: 2.6};

describe("flightOf", () => {
  it("leaves a run in order as it is", () => {
    const states = [cloud(), cloud(1.1), cloud(0.7)];
    const {states: shown, text, reach} = flightOf(states, options);
    assert.deepEqual(shown, states);
    assert.deepEqual([text, reach(0), reach(1.5), reach(9)], ["", 2.6, 2.6, 2.6]);
  });

  it("tells of points that fly off, also together and when they come back, and shows where they have been", () => {
    const {text, reach} = flightOf([cloud(), cloud(0.1, 40), cloud(0.7)], options);
    assert.match(
      text,
      /^The samples of DDIM fly off\. .* grows to 40 at step 1 and ends at 0\.\d+, where the data have 0\.70\./
    );
    assert.equal(reach(0), 2.6);
    assert.ok(reach(1) > 40 && reach(0.5) < reach(1), "the view grows with the flight");
    assert.equal(reach(2), reach(1));
  });

  it("allows for data that are large themselves", () => {
    assert.equal(flightOf([cloud(), cloud(3)], {...options, size: 3}).text, "");
    assert.notEqual(flightOf([cloud(), cloud(3)], options).text, "");
  });

  it("stays at the last state with finite numbers when the flight leaves them", () => {
    const states = [cloud(), cloud(1e20), cloud(Infinity), cloud(NaN)];
    const {states: shown, text} = flightOf(states, options);
    assert.deepEqual(shown, [states[0], states[1], states[1], states[1]]);
    assert.match(text, /1\.\d\s×\s10²⁰ at step 1, and from step 2 on the numbers are too large for the computer/);
  });

  it("throws when a step makes no numbers out of points in their place", () => {
    const broken = cloud();
    broken[7] = NaN;
    assert.throws(() => flightOf([cloud(), broken], options), {name: "RangeError", message: /^step 1 made numbers/});
  });
});

describe("what a plane must show", () => {
  it("is the usual view while nine tenths of the points are in it", () => {
    const points = new Float32Array(200).fill(1);
    assert.equal(reachOf(points, 2.6), 2.6);
    points.fill(50, 0, 18); // 9 of 100 points
    assert.equal(reachOf(points, 2.6), 2.6);
    points.fill(50, 0, 24);
    assert.ok(reachOf(points, 2.6) > 50, "12 of 100 points are outside");
    assert.equal(reachOf([NaN, 1, Infinity, 2], 2.6), 2.6);
  });
});

describe("size and spread", () => {
  it("are 1 for a standard normal cloud; a shift adds to the size alone", () => {
    for (const measure of [sizeOf, spread]) assert.ok(Math.abs(measure(cloud()) - 1) < 0.1, measure.name);
    assert.ok(Math.abs(spread(cloud(1, 5)) - spread(cloud())) < 1e-5, "the spread is about the mean");
    assert.ok(sizeOf(cloud(1, 5)) > 5, "the size is about the origin");
  });
});
