// What is done number by number: activations, group normalisation with its way back, and the optimiser.

@inline
function exponential(x: v128): v128 {
  // exp(x) = 2^n exp(r) with r in [-ln 2 / 2, ln 2 / 2], and a polynomial for exp(r) (Cephes, expf).
  x = f32x4.max(f32x4.min(x, f32x4.splat(87)), f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

@inline
function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}

@inline
function slopeOfSilu(x: v128): v128 {
  const one = f32x4.splat(1);
  const s = sigmoid(x);
  return f32x4.mul(s, f32x4.add(one, f32x4.mul(x, f32x4.sub(one, s))));
}

@inline
function sum(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

/** to = x sigmoid(x), for count numbers, a multiple of 4. */
export function silu(x: usize, count: i32, to: usize): void {
  const end = x + ((<usize>count) << 2);
  for (; x < end; x += 16, to += 16) {
    const value = v128.load(x);
    v128.store(to, f32x4.mul(value, sigmoid(value)));
  }
}

/** g *= the slope of silu at x, for count numbers, a multiple of 4. */
export function siluBack(x: usize, count: i32, g: usize): void {
  const end = x + ((<usize>count) << 2);
  for (; x < end; x += 16, g += 16) v128.store(g, f32x4.mul(v128.load(g), slopeOfSilu(v128.load(x))));
}

/** x = max(x, 0), for count numbers, a multiple of 4. */
export function rectify(x: usize, count: i32): void {
  const zero = f32x4.splat(0);
  const end = x + ((<usize>count) << 2);
  for (; x < end; x += 16) v128.store(x, f32x4.max(v128.load(x), zero)); // NaN stays
}

/** g = 0 where the rectified x is 0, for count numbers, a multiple of 4. */
export function rectifyBack(x: usize, count: i32, g: usize): void {
  const zero = f32x4.splat(0);
  const end = x + ((<usize>count) << 2);
  for (; x < end; x += 16, g += 16) v128.store(g, v128.and(v128.load(g), f32x4.ne(v128.load(x), zero)));
}

/**
 * Group normalisation in groups of 8 channels (Wu and He 2018): y = (1 + scale) (x - mean) / std + shift, and silu of it if
 * `active`. x is [images, height width, channels]; scale and shift are [channels] for all images (`stride` 0) or each image
 * has its own, `stride` apart. `to` has a margin of `pad` around each image. `moments` [images, groups, 2] keeps the mean
 * and 1 / std.
 */
export function normalize(
  x: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  scale: usize,
  shift: usize,
  stride: i32,
  to: usize,
  pad: i32,
  moments: usize,
  active: bool
): void {
  const row = (<usize>channels) << 2;
  const places = height * width;
  const wide = width + 2 * pad;
  const image = <usize>places * row;
  const framed = <usize>((height + 2 * pad) * wide) * row;
  for (let i = 0; i < images; ++i) {
    for (let channel: usize = 0; channel < row; channel += 32) {
      let s = f32x4.splat(0);
      let q = s;
      const end = x + image;
      for (let p = x + channel; p < end; p += row) s = f32x4.add(s, f32x4.add(v128.load(p), v128.load(p, 16)));
      const mean = sum(s) / <f32>(places << 3);
      const m = f32x4.splat(mean);
      for (let p = x + channel; p < end; p += row) {
        const d = f32x4.sub(v128.load(p), m);
        const e = f32x4.sub(v128.load(p, 16), m);
        q = f32x4.add(q, f32x4.add(f32x4.mul(d, d), f32x4.mul(e, e)));
      }
      const inverse = <f32>1 / sqrt<f32>(sum(q) / <f32>(places << 3) + 1e-5);
      store<f32>(moments, mean);
      store<f32>(moments, inverse, 4);
      moments += 8;
      // y = x factor + offset, for each channel of the group
      const one = f32x4.splat(1);
      const r = f32x4.splat(inverse);
      const f0 = f32x4.mul(r, f32x4.add(one, v128.load(scale + channel)));
      const f1 = f32x4.mul(r, f32x4.add(one, v128.load(scale + channel, 16)));
      const o0 = f32x4.sub(v128.load(shift + channel), f32x4.mul(m, f0));
      const o1 = f32x4.sub(v128.load(shift + channel, 16), f32x4.mul(m, f1));
      let from = x + channel;
      for (let j = 0; j < height; ++j) {
        let place = to + <usize>((j + pad) * wide + pad) * row + channel;
        for (let k = 0; k < width; ++k) {
          let y0 = f32x4.add(f32x4.mul(v128.load(from), f0), o0);
          let y1 = f32x4.add(f32x4.mul(v128.load(from, 16), f1), o1);
          if (active) {
            y0 = f32x4.mul(y0, sigmoid(y0));
            y1 = f32x4.mul(y1, sigmoid(y1));
          }
          v128.store(place, y0);
          v128.store(place, y1, 16);
          from += row;
          place += row;
        }
      }
    }
    x += image;
    to += framed;
    scale += (<usize>stride) << 2;
    shift += (<usize>stride) << 2;
  }
}

/**
 * The way back through `normalize`. `g` [images, height width, channels] is the gradient of its result, and is overwritten.
 * Adds the gradient of x to `to`, which has a margin of `pad`, and those of scale and shift where their own lie.
 */
export function normalizeBack(
  x: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  scale: usize,
  shift: usize,
  stride: i32,
  g: usize,
  to: usize,
  pad: i32,
  moments: usize,
  active: bool,
  scaleGradient: usize,
  shiftGradient: usize
): void {
  const row = (<usize>channels) << 2;
  const places = height * width;
  const wide = width + 2 * pad;
  const image = <usize>places * row;
  const framed = <usize>((height + 2 * pad) * wide) * row;
  const one = f32x4.splat(1);
  for (let i = 0; i < images; ++i) {
    for (let channel: usize = 0; channel < row; channel += 32) {
      const m = f32x4.splat(load<f32>(moments));
      const r = f32x4.splat(load<f32>(moments, 4));
      moments += 8;
      const a0 = f32x4.add(one, v128.load(scale + channel));
      const a1 = f32x4.add(one, v128.load(scale + channel, 16));
      const b0 = v128.load(shift + channel);
      const b1 = v128.load(shift + channel, 16);
      // Sums over the places, for each channel: of the gradient, and of the gradient times the normalised x.
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let t0 = s0;
      let t1 = s0;
      const end = x + image;
      let h = g + channel;
      for (let p = x + channel; p < end; p += row) {
        const n0 = f32x4.mul(f32x4.sub(v128.load(p), m), r);
        const n1 = f32x4.mul(f32x4.sub(v128.load(p, 16), m), r);
        let g0 = v128.load(h);
        let g1 = v128.load(h, 16);
        if (active) {
          g0 = f32x4.mul(g0, slopeOfSilu(f32x4.add(f32x4.mul(n0, a0), b0)));
          g1 = f32x4.mul(g1, slopeOfSilu(f32x4.add(f32x4.mul(n1, a1), b1)));
          v128.store(h, g0);
          v128.store(h, g1, 16);
        }
        s0 = f32x4.add(s0, g0);
        s1 = f32x4.add(s1, g1);
        t0 = f32x4.add(t0, f32x4.mul(g0, n0));
        t1 = f32x4.add(t1, f32x4.mul(g1, n1));
        h += row;
      }
      addTo(shiftGradient + channel, s0, s1);
      addTo(scaleGradient + channel, t0, t1);
      const count = <f32>(places << 3);
      const meanS = f32x4.splat(sum(f32x4.add(f32x4.mul(s0, a0), f32x4.mul(s1, a1))) / count);
      const meanT = f32x4.splat(sum(f32x4.add(f32x4.mul(t0, a0), f32x4.mul(t1, a1))) / count);
      let from = x + channel;
      h = g + channel;
      for (let j = 0; j < height; ++j) {
        let place = to + <usize>((j + pad) * wide + pad) * row + channel;
        for (let k = 0; k < width; ++k) {
          const n0 = f32x4.mul(f32x4.sub(v128.load(from), m), r);
          const n1 = f32x4.mul(f32x4.sub(v128.load(from, 16), m), r);
          const d0 = f32x4.sub(f32x4.sub(f32x4.mul(v128.load(h), a0), meanS), f32x4.mul(n0, meanT));
          const d1 = f32x4.sub(f32x4.sub(f32x4.mul(v128.load(h, 16), a1), meanS), f32x4.mul(n1, meanT));
          addTo(place, f32x4.mul(d0, r), f32x4.mul(d1, r));
          from += row;
          h += row;
          place += row;
        }
      }
    }
    x += image;
    g += image;
    to += framed;
    scale += (<usize>stride) << 2;
    shift += (<usize>stride) << 2;
    scaleGradient += (<usize>stride) << 2;
    shiftGradient += (<usize>stride) << 2;
  }
}

@inline
function addTo(place: usize, low: v128, high: v128): void {
  v128.store(place, f32x4.add(v128.load(place), low));
  v128.store(place, f32x4.add(v128.load(place, 16), high), 16);
}

/**
 * A step of Adam (Kingma and Ba 2015) on count numbers, a multiple of 4, and of their running average. `rate` holds the
 * learning rate with the correction of the bias, `epsilon` likewise.
 */
export function adam(
  weights: usize,
  average: usize,
  gradient: usize,
  first: usize,
  second: usize,
  count: i32,
  rate: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  decay: f32
): void {
  const b1 = f32x4.splat(beta1);
  const b2 = f32x4.splat(beta2);
  const c1 = f32x4.splat(1 - beta1);
  const c2 = f32x4.splat(1 - beta2);
  const e = f32x4.splat(epsilon);
  const l = f32x4.splat(rate);
  const d = f32x4.splat(decay);
  const c = f32x4.splat(1 - decay);
  for (let i: usize = 0; i < (<usize>count) << 2; i += 16) {
    const g = v128.load(gradient + i);
    const m = f32x4.add(f32x4.mul(b1, v128.load(first + i)), f32x4.mul(c1, g));
    const v = f32x4.add(f32x4.mul(b2, v128.load(second + i)), f32x4.mul(c2, f32x4.mul(g, g)));
    const w = f32x4.sub(v128.load(weights + i), f32x4.div(f32x4.mul(l, m), f32x4.add(f32x4.sqrt(v), e)));
    v128.store(first + i, m);
    v128.store(second + i, v);
    v128.store(weights + i, w);
    v128.store(average + i, f32x4.add(f32x4.mul(d, v128.load(average + i)), f32x4.mul(c, w)));
  }
}
