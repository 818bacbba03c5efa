import {featureCount, layerShapes} from "../plain-network.js";

/** Rows of a batch that one group of threads takes through the network. */
export const tileRows = 8;

/** Where one layer of a point network is on the graphics card. A quad is four numbers, which a shader reads at once. */
export interface PlacedLayer {
  inputs: number;
  outputs: number; // as the network has them
  quads: number; // of outputs; the last layer has two columns of zeros, to fill one
  weights: number; // quad where its matrix [inputs + 1, outputs] begins, with the bias as the last row
  values: number; // the place of its first input among all values that a batch leaves behind
  gradients: number; // and of its first output among the gradients
  blocks: number; // of 4 x 4 weights
}

/** Where all numbers of a point network are on the graphics card. */
export interface PointLayout {
  width: number;
  batch: number;
  layers: PlacedLayer[];
  tiles: number; // groups of threads for a batch
  rowQuads: number; // of each value and gradient; the last may be past the end of the batch
  weights: number; // quads of weights
  values: number; // rows of values, one for each input of each layer and its bias, with a gap up to a multiple of 4
  gradients: number; // rows of gradients
  blocks: number;
}

const widest = 240; // two tiles of values in the 16 kB that every graphics card has for a group of threads

/**
 * Lays out a network whose hidden layers have `width` units, for batches of `batch` points. Throws a RangeError for a width
 * that is no multiple of 4 from 4 to 240.
 */
export function pointLayout(width: number, batch: number): PointLayout {
  if (width % 4 !== 0 || width < 4 || width > widest) {
    throw new RangeError(`width is ${width}: our shaders take multiples of 4, from 4 to ${widest}`);
  }
  if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`batch is ${batch}: choose at least one point`);
  const tiles = Math.ceil(batch / tileRows);
  const layout = {
    width,
    batch,
    tiles,
    rowQuads: (tiles * tileRows) / 4,
    weights: 0,
    values: 0,
    gradients: 0,
    blocks: 0
  };
  const shapes = layerShapes(width).filter((shape) => shape.length === 2);
  const layers = shapes.map(([inputs, outputs]) => {
    const quads = Math.ceil(outputs / 4);
    const rows = Math.ceil((inputs + 1) / 4); // quads of rows, the bias among them
    const {weights, values, gradients} = layout;
    const layer = {inputs, outputs, quads, weights, values, gradients, blocks: rows * quads};
    layout.weights += (inputs + 1) * quads;
    layout.values += 4 * rows;
    layout.gradients += 4 * quads;
    layout.blocks += layer.blocks;
    return layer;
  });
  return {...layout, layers};
}

/** The arrays of a point network, kernel and bias of each layer, as one array in the order of the layout. */
export function packWeights(
  {layers, weights}: PointLayout,
  arrays: readonly ArrayLike<number>[]
): Float32Array<ArrayBuffer> {
  const flat = new Float32Array(4 * weights);
  if (arrays.length !== 2 * layers.length) {
    throw new RangeError(`there are ${arrays.length} weight arrays, but the network has ${2 * layers.length}`);
  }
  layers.forEach(({inputs, outputs, quads, weights: at}, l) => {
    const [kernel, bias] = [arrays[2 * l], arrays[2 * l + 1]];
    if (kernel.length !== inputs * outputs || bias.length !== outputs) {
      throw new RangeError(
        `the arrays of layer ${l} hold ${kernel.length} and ${bias.length} numbers, ` +
          `but the network has ${inputs * outputs} and ${outputs}`
      );
    }
    for (let i = 0; i <= inputs; ++i) {
      for (let j = 0; j < outputs; ++j) {
        flat[4 * (at + i * quads) + j] = i < inputs ? kernel[i * outputs + j] : bias[j];
      }
    }
  });
  return flat;
}

/** The other way: an array for each kernel and bias. */
export function unpackWeights({layers}: PointLayout, flat: Float32Array): Float32Array[] {
  return layers.flatMap(({inputs, outputs, quads, weights: at}) => {
    const row = (i: number) => flat.subarray(4 * (at + i * quads), 4 * (at + i * quads) + outputs);
    const kernel = new Float32Array(inputs * outputs);
    for (let i = 0; i < inputs; ++i) kernel.set(row(i), i * outputs);
    return [kernel, row(inputs).slice()];
  });
}

/** The layout as WGSL: numbers that the shaders know before they run. */
export function layoutText(layout: PointLayout): string {
  const {width, batch, layers, rowQuads} = layout;
  const list = layers.map(
    ({inputs, quads, weights, values, gradients, blocks}) =>
      `Layer(${[inputs, quads, weights, values, gradients, blocks].map((n) => `${n}u`).join(", ")})`
  );
  return /* wgsl */ `
struct Layer { inputs: u32, quads: u32, weights: u32, values: u32, gradients: u32, blocks: u32 }
const layers = array<Layer, ${layers.length}>(${list.join(", ")});
const batch = ${batch}u;
const rowQuads = ${rowQuads}u;
const features = ${featureCount}u;
const groups = ${tileRows / 4}u; // of four rows in a tile
const tileSize = ${(Math.max(width, featureCount + 2) * tileRows) / 4}u; // quads of a tile's values in one layer
`;
}
