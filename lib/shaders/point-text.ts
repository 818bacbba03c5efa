import {tileRows} from "./point-layout.js";

// The shaders of the point network. A group of 64 threads takes 8 points through all layers; their values stay in the
// group's own memory, unit by unit, four points to a quad. A thread has four units of four points at a time: it reads
// two quads for 16 multiplications.

/** Threads of a group: for a width of 128, each has one piece of a layer. */
export const threads = 64;

/** The same line four times, with k = 0 to 3: what is indexed by constants stays in registers. */
export function fourTimes(line: (k: number) => string): string {
  return [0, 1, 2, 3].map(line).join("\n");
}

/** Forward, for whatever declares weights, levels and keep(): what becomes of the values of a hidden layer. */
export const forwardText = /* wgsl */ `
var<workgroup> rows: array<vec4f, 2u * tileSize>; // two tiles: one is read while the other is written
var<workgroup> points: array<vec2f, ${tileRows}>; // under noise
var<workgroup> times: array<u32, ${tileRows}>;

// What the network sees, into the tile at 0: the points, and the features of their times from the table of levels.
fn look(worker: u32, tile: u32) {
  for (var item = worker; item < features * groups; item += ${threads}u) {
    let unit = item / groups;
    let group = item % groups;
    let row = 4u * group;
    var seen: vec4f;
    if (unit < 2u) {
      seen = vec4f(points[row][unit], points[row + 1u][unit], points[row + 2u][unit], points[row + 3u][unit]);
    } else {
      let level = vec4u(times[row], times[row + 1u], times[row + 2u], times[row + 3u]) * features + unit;
      seen = vec4f(levels[level.x], levels[level.y], levels[level.z], levels[level.w]);
    }
    rows[unit * groups + group] = seen;
    keep(layers[0].values + unit, tile * groups + group, seen);
  }
  workgroupBarrier();
}

// A layer's outputs, from one tile to the other; with relu but for the last.
fn forward(l: u32, here: u32, there: u32, worker: u32, tile: u32) {
  let layer = layers[l];
  for (var item = worker; item < layer.quads * groups; item += ${threads}u) {
    let column = item % layer.quads;
    let group = item / layer.quads;
    let bias = weights[layer.weights + layer.inputs * layer.quads + column];
    ${fourTimes((k) => `var sum${k} = vec4f(bias[${k}]);`)}
    for (var i = 0u; i < layer.inputs; i++) {
      let x = rows[here + i * groups + group];
      let w = weights[layer.weights + i * layer.quads + column];
      ${fourTimes((k) => `sum${k} += x * w[${k}];`)}
    }
    ${fourTimes((k) => `put(l, 4u * column + ${k}u, sum${k}, there, tile, group);`)}
  }
  workgroupBarrier();
}

fn put(l: u32, unit: u32, sum: vec4f, there: u32, tile: u32, group: u32) {
  var y = sum;
  if (l < 3u) {
    y = max(y, vec4f());
    keep(layers[l + 1u].values + unit, tile * groups + group, y);
  }
  rows[there + unit * groups + group] = y;
}

// All layers; the answer is in the tile at 0, one unit for each coordinate.
fn answer(worker: u32, tile: u32) {
  look(worker, tile);
  forward(0u, 0u, tileSize, worker, tile);
  forward(1u, tileSize, 0u, worker, tile);
  forward(2u, 0u, tileSize, worker, tile);
  forward(3u, tileSize, 0u, worker, tile);
}
`;

/**
 * All steps of a sampler for 8 points a group: x becomes x * point + output * answer + noise * z in each, which DDIM, DDPM
 * and a single answer all are.
 */
export const sampleText = /* wgsl */ `
struct Run { key: vec4u, count: u32, steps: u32 }
struct Stride { x: f32, output: f32, noise: f32, t: u32 }
@group(0) @binding(0) var<uniform> run: Run;
@group(0) @binding(1) var<storage, read> weights: array<vec4f>;
@group(0) @binding(2) var<storage, read> levels: array<f32>;
@group(0) @binding(3) var<storage, read> moves: array<Stride>;
@group(0) @binding(4) var<storage, read_write> cloud: array<vec2f>;

fn keep(unit: u32, quad: u32, value: vec4f) {}

@compute @workgroup_size(${threads})
fn sample(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) worker: u32) {
  let row = group.x * ${tileRows}u + worker;
  let mine = worker < ${tileRows}u && row < run.count;
  var x = vec2f();
  if (mine) {
    x = cloud[row];
  }
  for (var i = 0u; i < run.steps; i++) {
    let stride = moves[i];
    if (worker < ${tileRows}u) {
      points[worker] = x;
      times[worker] = stride.t;
    }
    workgroupBarrier();
    answer(worker, group.x);
    if (mine) {
      let seen = vec2f(rows[worker / 4u][worker % 4u], rows[groups + worker / 4u][worker % 4u]);
      x = stride.x * x + stride.output * seen;
      if (stride.noise > 0.0) {
        x += stride.noise * normalsOf(randomWords(run.key, vec4u(i, row, 0u, 0u)).xy);
      }
    }
  }
  if (mine) {
    cloud[row] = x;
  }
}
`;
