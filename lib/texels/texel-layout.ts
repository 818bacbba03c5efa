import type {Matrix} from "../muon.js";

/** An array among all weights, which lie in one flat array. */
export interface WeightArray {
  name: string;
  shape: number[];
  offset: number; // in the flat array
  size: number;
}

/** Where weights lie in texels: rows of whole texels, the last of each filled up with zeros. */
export interface TexelPlace {
  at: number; // the first texel
  rows: number;
  width: number; // texels in a row
  columns: number; // numbers in a row
}

/** All weights of a network in texels. */
export interface TexelLayout {
  size: number; // in texels
  find(name: string): TexelPlace;
  /** The flat array of all weights as texels [4 size]. */
  pack(values: Float32Array): Float32Array;
  unpack(texels: Float32Array): Float32Array;
  /** Says of each texel in which matrix it lies, as its numbers: first texel, rows, width, first texel of its square. */
  owners: Float32Array;
  /** The same of the squares that Muon makes of the matrices; one has as many rows and columns as its shorter side. */
  squares: Float32Array;
}

/** Lays out the weights, of which `matrices` are moved by Muon; owners says -1 of the others. */
export function texelLayout(parameters: readonly WeightArray[], matrices: readonly Matrix[]): TexelLayout {
  const places = new Map<string, TexelPlace>();
  let end = 0;
  for (const {name, shape, size} of parameters) {
    const columns = shape.at(-1)!;
    const place = {at: end, rows: size / columns, width: Math.ceil(columns / 4), columns};
    places.set(name, place);
    end += place.rows * place.width;
  }
  const size = 128 * Math.ceil(end / 128); // a number with many divisors makes a square texture
  const count = parameters.reduce((sum, own) => sum + own.size, 0);
  const offsets = new Set(matrices.map(({offset}) => offset));
  const moved = parameters.filter(({offset}) => offsets.has(offset)).map(({name}) => places.get(name)!);
  return {
    size,
    find(name) {
      const place = places.get(name);
      if (!place) throw new RangeError(`there are no weights ${name}`);
      return place;
    },
    pack(values) {
      const texels = new Float32Array(4 * size);
      each((from, to, length) => texels.set(values.subarray(from, from + length), to));
      return texels;
    },
    unpack(texels) {
      const values = new Float32Array(count);
      each((from, to, length) => values.set(texels.subarray(to, to + length), from));
      return values;
    },
    ...ownership(moved, size)
  };

  function each(visit: (offset: number, place: number, length: number) => void): void {
    for (const {name, offset} of parameters) {
      const {at, rows, width, columns} = places.get(name)!;
      for (let row = 0; row < rows; ++row) visit(offset + row * columns, 4 * (at + row * width), columns);
    }
  }
}

function ownership(moved: readonly TexelPlace[], size: number): {owners: Float32Array; squares: Float32Array} {
  const owners = new Float32Array(4 * size).fill(-1);
  const squares: number[] = [];
  for (const {at, rows, width} of moved) {
    const own = [at, rows, width, squares.length / 4];
    for (let i = 0; i < rows * width; ++i) owners.set(own, 4 * (at + i));
    const side = rows >= 4 * width ? width : Math.ceil(rows / 4); // of the square, in texels
    for (let i = 0; i < 4 * side * side; ++i) squares.push(...own);
  }
  return {owners, squares: Float32Array.from(squares)};
}
