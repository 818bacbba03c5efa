import type {PointWeights} from "./plain-network.js";

/** The averaged weights of a point network in 16 bits each, for a small file; `layers` are kernel and bias in turn. */
export interface PackedWeights {
  width: number;
  prediction: PointWeights["prediction"];
  timesteps: number;
  layers: {scale: number; values: string}[]; // base64 of little-endian 16-bit integers; times the scale they are weights
}

const largest = 32767;

/** Packs the averaged weights: each array has a scale of its own, so the error is at most its largest weight over 65534. */
export function packWeights({width, prediction, timesteps, ema}: PointWeights): PackedWeights {
  const layers = ema.map((weights) => {
    const scale = Array.from(weights).reduce((most, w) => Math.max(most, Math.abs(w)), 0) / largest || 1;
    const bytes = new DataView(new ArrayBuffer(2 * weights.length));
    for (let i = 0; i < weights.length; ++i) bytes.setInt16(2 * i, Math.round(weights[i] / scale), true);
    const text = Array.from(new Uint8Array(bytes.buffer), (byte) => String.fromCharCode(byte)).join("");
    return {scale, values: btoa(text)};
  });
  return {width, prediction, timesteps, layers};
}

/** The weights of a packed network; the weights in training are not in it, so both sets are the average. */
export function unpackWeights({width, prediction, timesteps, layers}: PackedWeights): PointWeights {
  const ema = layers.map(({scale, values}) => {
    const text = atob(values);
    const bytes = new DataView(Uint8Array.from(text, (character) => character.charCodeAt(0)).buffer);
    return Float32Array.from({length: text.length / 2}, (_, i) => scale * bytes.getInt16(2 * i, true));
  });
  return {width, prediction, timesteps, weights: ema, ema};
}
