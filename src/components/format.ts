const superscripts: Record<string, string> = {
  "-": "⁻",
  0: "⁰",
  1: "¹",
  2: "²",
  3: "³",
  4: "⁴",
  5: "⁵",
  6: "⁶",
  7: "⁷",
  8: "⁸",
  9: "⁹"
};

/** A power of ten as it is written by hand, for a logarithmic axis: `10⁻⁴`; 1 and 10 are written out. */
export function powerOfTen(value: number): string {
  const exponent = Math.round(Math.log10(value));
  return exponent === 0 || exponent === 1 ? String(10 ** exponent) : `10${raised(exponent)}`;
}

const fixedSpace = "\u00a0"; // no line breaks there

/**
 * A number for reading, to `digits` significant figures (default 3): `0.364`, `4.04 × 10⁻⁵`, which no line breaks. Powers
 * of ten are used below 0.001 and from 10⁵ on.
 */
export function readable(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) {
    const [factor, exponent] = value.toExponential(digits - 1).split("e");
    return `${minus(factor)}${fixedSpace}×${fixedSpace}10${raised(Number(exponent))}`;
  }
  return minus(size >= 10 ** digits ? String(Math.round(value)) : value.toPrecision(digits));
}

/** A number with a fixed count of decimals and a true minus sign; what rounds to zero has no sign. */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return minus(Number(text) === 0 ? text.replace("-", "") : text);
}

function raised(exponent: number): string {
  return [...String(exponent)].map((character) => superscripts[character]).join("");
}

function minus(text: string): string {
  return text.replace("-", "−");
}
