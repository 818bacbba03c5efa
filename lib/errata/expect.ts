/** Fails with a sentence that names the value and what it should be, unless they agree to the tolerance. */
export function expectNear(value: number, wanted: number, what: string, tolerance = 1e-9): void {
  if (Math.abs(value - wanted) <= tolerance) return;
  throw new Error(`${what} is ${short(value)}, and should be ${short(wanted)}`);
}

/** Fails with this sentence unless it holds. */
export function expectThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function short(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(3)));
}
