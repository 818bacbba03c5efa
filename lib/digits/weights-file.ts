// Weights in a file: "DDNW", a version, the length of a manifest in JSON and the manifest, then 16-bit floats, then the
// CRC-32 of all before. Numbers are little-endian.

/** What the weights are of. */
export type WeightsKind = "digit-network" | "digit-classifier" | "point-network";

/** What is known of the weights: how they were made, and how good they are. */
export interface WeightsManifest {
  kind: WeightsKind;
  count: number; // of weights
  steps: number; // of training
  seed?: number;
  loss?: number;
  dataset?: string; // the SHA-256 of the pixels and labels that it was trained on, or a name
  schedule?: string; // the name of the noise schedule, where there is a choice
  code?: string; // the version of the code
  backend?: string;
  quality?: Record<string, number>; // as measured
}

const magic = 0x574e4444; // "DDNW"
const version = 1;

/** Packs weights into a file, two bytes each; they lose about three digits of seven. */
export function encodeWeights(values: Float32Array, manifest: Omit<WeightsManifest, "count">): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify({...manifest, count: values.length}));
  const start = 12 + text.length + (text.length % 2);
  const bytes = new Uint8Array(start + 2 * values.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, version, true);
  view.setUint32(8, start - 12, true);
  bytes.fill(32, 12, start); // a space after an odd manifest
  bytes.set(text, 12);
  values.forEach((value, i) => view.setUint16(start + 2 * i, toHalf(value), true));
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, bytes.length - 4)), true);
  return bytes;
}

/** Reads such a file. Throws an Error, in words for the reader, when it is another file, damaged, or of another network. */
export function decodeWeights(
  bytes: Uint8Array,
  {kind, count}: {kind: WeightsKind; count: number}
): {values: Float32Array; manifest: WeightsManifest} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16 || view.getUint32(0, true) !== magic) {
    throw new Error("This is no file of weights: choose one that this page has saved.");
  }
  if (view.getUint32(4, true) !== version) {
    throw new Error(`These weights have format ${view.getUint32(4, true)}, but this page reads format ${version}.`);
  }
  if (view.getUint32(bytes.length - 4, true) !== crc32(bytes.subarray(0, bytes.length - 4))) {
    throw new Error("This file of weights is damaged: its check sum is wrong. Save or download it again.");
  }
  const start = 12 + view.getUint32(8, true);
  const manifest = readManifest(bytes.subarray(12, start));
  if (manifest.kind !== kind) {
    throw new Error(`These are weights of a ${manifest.kind}, but a ${kind} is needed: choose another file.`);
  }
  if (manifest.count !== count || bytes.length !== start + 2 * count + 4) {
    throw new Error(
      `These are ${manifest.count} weights, but the network of this page has ${count}: they are of another version.`
    );
  }
  const values = Float32Array.from({length: count}, (_, i) => fromHalf(view.getUint16(start + 2 * i, true)));
  if (!values.every(Number.isFinite)) {
    throw new Error("This file of weights has some that are no numbers: its training had failed. Choose another file.");
  }
  return {manifest, values};
}

const texts = ["dataset", "schedule", "code", "backend"] as const;
const numbers = ["seed", "loss"] as const;

// The check sum is no proof of who wrote it: what is not of its type is left out.
function readManifest(bytes: Uint8Array): WeightsManifest {
  let found: unknown;
  try {
    found = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // said below
  }
  const {kind, count, steps, quality, ...rest} = (isRecord(found) ? found : {}) as Record<
    keyof WeightsManifest,
    unknown
  >;
  if (typeof kind !== "string" || typeof count !== "number" || !Number.isSafeInteger(steps) || Number(steps) < 0) {
    throw new Error("This file of weights does not say what they are of: choose another one.");
  }
  const manifest: WeightsManifest = {kind: kind as WeightsKind, count, steps: Number(steps)};
  for (const name of texts) if (typeof rest[name] === "string") manifest[name] = rest[name];
  for (const name of numbers) if (typeof rest[name] === "number") manifest[name] = rest[name];
  if (isRecord(quality)) {
    const measured = Object.entries(quality).filter(([, value]) => typeof value === "number");
    manifest.quality = Object.fromEntries(measured) as Record<string, number>;
  }
  return manifest;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The 16-bit float nearest to a number, ties to even; beyond 65504 the largest one, since weights must stay finite. */
export function toHalf(value: number): number {
  single[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const size = Math.abs(single[0]);
  if (Number.isNaN(size)) return 0x7e00;
  if (size > 65504) return sign | 0x7bff;
  if (size < 2 ** -14) return sign | roundEven(size * 2 ** 24); // subnormal, or the smallest normal one
  const exponent = (bits[0] >>> 23) & 0xff;
  const fraction = roundEven((bits[0] & 0x7fffff) / 8192);
  return sign | (((exponent - 112) << 10) + fraction); // a fraction of 1024 carries into the exponent
}

/** The number that a 16-bit float stands for. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function roundEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}

const crcTable = Uint32Array.from({length: 256}, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; ++k) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** The check sum of zip and png. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = crcTable[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
