import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {digitMatrices, digitParameters, initialWeights, parameterCount} from "../../lib/digits/digit-shape.js";
import {texelLayout} from "../../lib/texels/texel-layout.js";

describe("texelLayout", () => {
  const parameters = digitParameters();
  const layout = texelLayout(parameters, digitMatrices(parameters));

  it("takes all weights there and back", () => {
    const values = initialWeights(parameters, 3).map((w, i) => w + i);
    assert.deepEqual(layout.unpack(layout.pack(values)), values);
  });

  it("begins each row with a texel of its own, and fills the last one up with zeros", () => {
    const values = new Float32Array(parameterCount(parameters)).fill(1);
    const {at, rows, width, columns} = layout.find("mix.second.kernel");
    assert.deepEqual({rows, width, columns}, {rows: 96, width: 13, columns: 49});
    const texels = layout.pack(values);
    for (const row of [0, 95]) {
      const own = texels.subarray(4 * (at + row * width), 4 * (at + (row + 1) * width));
      assert.deepEqual([...own.subarray(48)], [1, 0, 0, 0]);
    }
    assert.equal(
      texels.reduce((sum, value) => sum + value, 0),
      values.length
    );
  });

  it("says of each texel which matrix it belongs to, and where the square of that matrix lies", () => {
    let squares = 0;
    for (const {name, offset} of parameters) {
      const {at, rows, width} = layout.find(name);
      const own = layout.owners.subarray(4 * at, 4 * at + 4);
      const moved = digitMatrices(parameters).some((matrix) => matrix.offset === offset);
      if (!moved) assert.equal(own[0], -1, `Muon would move ${name}`);
      else {
        assert.deepEqual([...own], [at, rows, width, squares], name);
        assert.deepEqual(layout.squares.subarray(4 * squares, 4 * squares + 4), own, name);
        const side = Math.min(Math.ceil(rows / 4), width);
        squares += 4 * side * side;
      }
    }
    assert.equal(layout.squares.length, 4 * squares);
  });

  it("knows its names only", () => {
    assert.throws(() => layout.find("mix.third.kernel"), /there are no weights mix\.third\.kernel/);
  });
});
