import type {Prediction} from "../prediction.js";
import type {PointLayout} from "./point-layout.js";
import {tileRows} from "./point-layout.js";
import {fourTimes, threads} from "./point-text.js";

// A training step in two shaders. The first takes 8 points a group forward and back, and leaves the values and the
// gradients of each layer behind. In the second a thread has 16 weights for a quarter of the batch; four of them add up
// what they have, and each moves four weights. Whoever has a weight has its whole gradient, so nothing else is shared.

/** What both know of a step; its learning rate and epsilon have Adam's corrections in them. */
const planText = /* wgsl */ `
struct Plan { key: vec4u, draw: u32, pool: u32, rate: f32, epsilon: f32, decay: f32 }
@group(0) @binding(0) var<uniform> plan: Plan;
`;

const targets: Record<Prediction, string> = {
  epsilon: "one.epsilon",
  x0: "one.x0",
  v: "one.signal * one.epsilon - one.noise * one.x0"
};

/** What one point of a step learns from. */
const oneText = /* wgsl */ `
struct One { x0: vec2f, epsilon: vec2f, signal: f32, noise: f32, t: u32 }
`;

// Drawn: a clean point of the pool, a noise, and a time from the row's own slice of the chain, as lib/batches.ts does.
const drawnText = (timesteps: number) => /* wgsl */ `
@group(0) @binding(3) var<storage, read> pool: array<vec2f>;

fn oneOf(row: u32) -> One {
  let words = randomWords(plan.key, vec4u(plan.draw, row, 0u, 0u));
  let share = (f32(row) + uniformOf(words.x)) / f32(batch);
  let t = min(u32(share * ${timesteps}.0), ${timesteps - 1}u);
  let level = t * features;
  return One(pool[words.y % plan.pool], normalsOf(words.zw), levels[level], levels[level + 1u], t);
}
`;

const givenText = /* wgsl */ `
@group(0) @binding(3) var<storage, read> given: array<One>;

fn oneOf(row: u32) -> One {
  return given[row];
}
`;

/** Writes down what a step draws, after layoutText and randomText. */
export function drawText(timesteps: number): string {
  return /* wgsl */ `${planText}${oneText}${drawnText(timesteps)}
@group(0) @binding(2) var<storage, read> levels: array<f32>;
@group(0) @binding(1) var<storage, read_write> ones: array<One>;

@compute @workgroup_size(${threads})
fn draw(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x < batch) {
    ones[thread.x] = oneOf(thread.x);
  }
}
`;
}

/** Options of `learnText`. */
export interface LearnOptions {
  prediction: Prediction;
  timesteps: number;
  draw: "drawn" | "given"; // by the shader itself, or by the caller
}

/** The first shader of a step, after layoutText, randomText and forwardText. */
export function learnText({prediction, timesteps, draw}: LearnOptions): string {
  return /* wgsl */ `${planText}${oneText}
@group(0) @binding(1) var<storage, read> weights: array<vec4f>;
@group(0) @binding(2) var<storage, read> levels: array<f32>;
@group(0) @binding(4) var<storage, read_write> values: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> gradients: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> squares: array<vec4f>; // of the errors, summed over steps

var<workgroup> aims: array<vec2f, ${tileRows}>;
${draw === "drawn" ? drawnText(timesteps) : givenText}
fn keep(unit: u32, quad: u32, value: vec4f) {
  values[unit * rowQuads + quad] = value;
}

// The gradient of the loss, the mean of all squares, with respect to the answer: from the tile at 0 to itself.
fn compare(group: u32, tile: u32) {
  let quad = tile * groups + group;
  let live = vec4u(4u * quad) + vec4u(0u, 1u, 2u, 3u) < vec4u(batch);
  var sum = vec4f();
  for (var c = 0u; c < 2u; c++) {
    let first = 4u * group;
    let aim = vec4f(aims[first][c], aims[first + 1u][c], aims[first + 2u][c], aims[first + 3u][c]);
    let error = select(vec4f(), rows[c * groups + group] - aim, live);
    sum += error * error;
    rows[c * groups + group] = error / f32(batch);
    gradients[(layers[3].gradients + c) * rowQuads + quad] = error / f32(batch);
  }
  squares[quad] += sum;
}

// The gradient with respect to a layer's inputs, from one tile to the other; the inputs are what relu let through.
fn back(l: u32, here: u32, there: u32, worker: u32, tile: u32) {
  let layer = layers[l];
  for (var item = worker; item < layer.inputs / 4u * groups; item += ${threads}u) {
    let column = item % (layer.inputs / 4u);
    let group = item / (layer.inputs / 4u);
    ${fourTimes((k) => `var sum${k} = vec4f();`)}
    for (var j = 0u; j < layer.quads; j++) {
      let at = here + 4u * j * groups + group;
      let d = mat4x4f(${fourTimes((k) => `rows[at + ${k}u * groups],`)});
      let w = layer.weights + 4u * column * layer.quads + j;
      ${fourTimes((k) => `sum${k} += d * weights[w + ${k}u * layer.quads];`)}
    }
    ${fourTimes((k) => `putBack(l, 4u * column + ${k}u, sum${k}, there, tile, group);`)}
  }
  workgroupBarrier();
}

fn putBack(l: u32, unit: u32, sum: vec4f, there: u32, tile: u32, group: u32) {
  let quad = tile * groups + group;
  let through = values[(layers[l].values + unit) * rowQuads + quad] > vec4f();
  let gradient = select(vec4f(), sum, through);
  rows[there + unit * groups + group] = gradient;
  gradients[(layers[l - 1u].gradients + unit) * rowQuads + quad] = gradient;
}

@compute @workgroup_size(${threads})
fn learn(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) worker: u32) {
  let tile = group.x;
  if (worker < ${tileRows}u) {
    let one = oneOf(min(tile * ${tileRows}u + worker, batch - 1u)); // what is past the end is not compared
    points[worker] = one.signal * one.x0 + one.noise * one.epsilon;
    aims[worker] = ${targets[prediction]};
    times[worker] = one.t;
  }
  workgroupBarrier();
  answer(worker, tile);
  if (worker < groups) {
    compare(worker, tile);
  }
  workgroupBarrier();
  back(3u, 0u, tileSize, worker, tile);
  back(2u, tileSize, 0u, worker, tile);
  back(1u, 0u, tileSize, worker, tile);
}
`;
}

/** How many groups of threads the second shader needs. */
export function updateGroups({blocks}: PointLayout): number {
  return Math.ceil((4 * blocks) / threads);
}

/** The second shader of a step, after layoutText: the gradient of each weight, Adam, and the running average. */
export function updateText({beta1, beta2}: {beta1: number; beta2: number}): string {
  return /* wgsl */ `${planText}
@group(0) @binding(1) var<storage, read> values: array<vec4f>;
@group(0) @binding(2) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> weights: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> average: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> first: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> second: array<vec4f>;

var<workgroup> parts: array<vec4f, ${4 * threads}>; // of each thread, its four rows of four weights

@compute @workgroup_size(${threads})
fn update(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) worker: u32) {
  let slice = worker % 4u;
  var block = group.x * ${threads / 4}u + worker / 4u;
  var l = 0u;
  while (l < 4u && block >= layers[l].blocks) {
    block -= layers[l].blocks;
    l++;
  }
  let live = l < 4u;
  let layer = layers[min(l, 3u)];
  let row = 4u * (block / layer.quads);
  let column = block % layer.quads;
  if (live) {
    ${fourTimes((k) => `var sum${k} = vec4f();`)}
    let input = (layer.values + row) * rowQuads;
    let output = (layer.gradients + 4u * column) * rowQuads;
    for (var quad = slice; quad < rowQuads; quad += 4u) {
      let d = mat4x4f(${fourTimes((k) => `gradients[output + ${k}u * rowQuads + quad],`)});
      ${fourTimes((k) => `sum${k} += values[input + ${k}u * rowQuads + quad] * d;`)}
    }
    ${fourTimes((k) => `parts[4u * worker + ${k}u] = sum${k};`)}
  }
  workgroupBarrier();
  if (live && row + slice <= layer.inputs) {
    let mine = 4u * (worker - slice) + slice;
    let gradient = parts[mine] + parts[mine + 4u] + parts[mine + 8u] + parts[mine + 12u];
    let at = layer.weights + (row + slice) * layer.quads + column;
    let mean = ${beta1} * first[at] + ${1 - beta1} * gradient;
    let square = ${beta2} * second[at] + ${1 - beta2} * gradient * gradient;
    let weight = weights[at] - plan.rate * mean / (sqrt(square) + plan.epsilon);
    first[at] = mean;
    second[at] = square;
    weights[at] = weight;
    average[at] = plan.decay * average[at] + (1.0 - plan.decay) * weight;
  }
}
`;
}
