/**
 * What the output of a denoiser is: the noise epsilon, the clean data x0, or the velocity
 * v = sqrt(alphaBar) epsilon - sqrt(1 - alphaBar) x0 (Salimans and Ho 2022).
 */
export type Prediction = "epsilon" | "x0" | "v";

/** One prediction seen in all three ways; each array has the shape of x, [n, dim] flat. */
export interface Views {
  x0: Float64Array;
  epsilon: Float64Array;
  v: Float64Array;
}

/** A linear reading of (x, output): x0 = x0.x * x + x0.output * output, and epsilon likewise. */
export interface ViewCoefficients {
  x0: {x: number; output: number};
  epsilon: {x: number; output: number};
}

/**
 * The model's output as x0, epsilon and v, all from x = sqrt(alphaBar) x0 + sqrt(1 - alphaBar) epsilon.
 *
 * `output` and `x` are [n, dim] and are not changed; alphaBar is in 0..1. Throws a RangeError where the output says
 * nothing: an epsilon at alphaBar 0, an x0 at alphaBar 1.
 * @eq-predicted-x0.
 */
export function predictionViews(
  prediction: Prediction,
  output: Float64Array,
  x: Float64Array,
  alphaBar: number
): Views {
  checkSameLength("output", output, x);
  checkAlphaBar("alphaBar", alphaBar);
  const a = Math.sqrt(alphaBar);
  const b = Math.sqrt(1 - alphaBar);
  const [x0, epsilon, v] = [new Float64Array(x.length), new Float64Array(x.length), new Float64Array(x.length)];
  // Loops, since map with a function takes four times as long, and samplers come here at every step.
  switch (prediction) {
    case "epsilon":
      if (a === 0) throw new RangeError(nothing("an epsilon prediction", 0, "x0 (predict v or x0 there)"));
      epsilon.set(output);
      for (let i = 0; i < x.length; ++i) {
        x0[i] = (x[i] - b * epsilon[i]) / a;
        v[i] = a * epsilon[i] - b * x0[i];
      }
      return {x0, epsilon, v};
    case "x0":
      if (b === 0) throw new RangeError(nothing("an x0 prediction", 1, "epsilon (there is no noise)"));
      x0.set(output);
      for (let i = 0; i < x.length; ++i) {
        epsilon[i] = (x[i] - a * x0[i]) / b;
        v[i] = a * epsilon[i] - b * x0[i];
      }
      return {x0, epsilon, v};
    case "v":
      v.set(output);
      for (let i = 0; i < x.length; ++i) {
        x0[i] = a * x[i] - b * v[i];
        epsilon[i] = b * x[i] + a * v[i];
      }
      return {x0, epsilon, v};
    default:
      throw new RangeError(unknownPrediction(prediction));
  }
}

/**
 * The numbers that make x0 and epsilon from x and the model's output, for use with tensors or in formulas.
 *
 * alphaBar is in 0..1. Throws a RangeError where predictionViews does.
 * @eq-from-velocity.
 */
export function viewCoefficients(prediction: Prediction, alphaBar: number): ViewCoefficients {
  checkAlphaBar("alphaBar", alphaBar);
  const a = Math.sqrt(alphaBar);
  const b = Math.sqrt(1 - alphaBar);
  switch (prediction) {
    case "epsilon":
      if (a === 0) throw new RangeError(nothing("an epsilon prediction", 0, "x0 (predict v or x0 there)"));
      return {x0: {x: 1 / a, output: -b / a}, epsilon: {x: 0, output: 1}};
    case "x0":
      if (b === 0) throw new RangeError(nothing("an x0 prediction", 1, "epsilon (there is no noise)"));
      return {x0: {x: 0, output: 1}, epsilon: {x: 1 / b, output: -a / b}};
    case "v":
      return {x0: {x: a, output: -b}, epsilon: {x: b, output: a}};
    default:
      throw new RangeError(unknownPrediction(prediction));
  }
}

/**
 * The views with x0 clipped to [-clip, clip], and epsilon re-derived from the clipped x0, so that both still make x.
 *
 * With `keepEpsilon` (false by default) epsilon stays as predicted, as in diffusers without use_clipped_model_output:
 * x0 and epsilon then no longer belong to the same x. v always belongs to the returned pair. Throws a RangeError if clip
 * is not above 0, or if epsilon is to be re-derived at alphaBar 1.
 */
export function clipViews(views: Views, x: Float64Array, alphaBar: number, clip: number, keepEpsilon = false): Views {
  if (!(clip > 0)) throw new RangeError(`clip is ${clip}: x0 is clipped to [-clip, clip], so clip must be above 0`);
  const x0 = views.x0.map((value) => Math.min(clip, Math.max(-clip, value)));
  if (!keepEpsilon) return predictionViews("x0", x0, x, alphaBar);
  const a = Math.sqrt(alphaBar);
  const b = Math.sqrt(1 - alphaBar);
  return {x0, epsilon: views.epsilon, v: views.epsilon.map((epsilon, i) => a * epsilon - b * x0[i])};
}

/** a x + b y as a new array. */
export function weightedSum(a: number, x: Float64Array, b: number, y: Float64Array): Float64Array {
  const sum = new Float64Array(x.length);
  for (let i = 0; i < x.length; ++i) sum[i] = a * x[i] + b * y[i];
  return sum;
}

/** Throws a RangeError, naming the value, unless it is an alphaBar: a number from 0 to 1. */
export function checkAlphaBar(name: string, alphaBar: number): void {
  if (!(alphaBar >= 0 && alphaBar <= 1)) throw new RangeError(`${name} is ${alphaBar}: it must be from 0 to 1`);
}

/** Throws a RangeError, naming the array, unless it has as many numbers as x; a TypeError where it is none at all. */
export function checkSameLength(name: string, array: Float64Array, x: Float64Array): void {
  if (typeof (array as unknown as ArrayLike<number> | undefined)?.length !== "number") {
    const what = array === undefined ? "nothing" : `a value of type ${typeof array}`;
    throw new TypeError(`${name} is ${what}, but it should be ${x.length} numbers, as x has: is there a return?`);
  }
  if (array.length !== x.length)
    throw new RangeError(`${name} has ${array.length} numbers, but x has ${x.length}: both must have the same shape`);
}

function nothing(what: string, alphaBar: number, about: string): string {
  return `at alphaBar ${alphaBar} ${what} says nothing about ${about}`;
}

function unknownPrediction(prediction: never): string {
  return `there is no prediction ${JSON.stringify(prediction)}: choose epsilon, x0 or v`;
}
