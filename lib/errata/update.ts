/**
 * One step of DDIM with eta 0, for all points at once: predicts x_0 from the noise, then puts the noise back at the level
 * to go to. x and noise are [n, 2] flat, and are not changed. @eq-ddim-update
 */
export function update(x: Float64Array, noise: Float64Array, alphaBar: number, alphaBarPrev: number): Float64Array {
  const [a, b] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
  const [aPrev, bPrev] = [Math.sqrt(alphaBarPrev), Math.sqrt(1 - alphaBarPrev)];
  return x.map((value, i) => (aPrev * (value - b * noise[i])) / a + bPrev * noise[i]);
}
