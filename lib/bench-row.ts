/** A number that a bench has measured. */
export interface BenchRow {
  id: string; // such as digits.accuracy.step350
  value: number;
  unit: string; // share (0 to 1), ratio, bytes, …
  spread: number; // its standard error, or what the bench says
  samples: number;
  device: string;
}

/** A row as a reader reads it, such as 98.4 ± 0.4% or 50.1 ± 0.2. */
export function benchText({value, unit, spread}: BenchRow): string {
  if (unit === "share") return `${(100 * value).toFixed(1)} ± ${(100 * spread).toFixed(1)}%`;
  if (unit === "bytes") return `${(value / 1000).toFixed(0)} kB`;
  const digits = value < 10 ? 2 : 1;
  return spread > 0 ? `${value.toFixed(digits)} ± ${spread.toFixed(digits)}` : value.toFixed(digits);
}

/** The devices of rows, each once, with the least and the greatest load under which it has measured. */
export function devicesText(rows: readonly Pick<BenchRow, "device">[]): string {
  const loads = new Map<string, number[]>();
  for (const device of new Set(rows.map((row) => row.device))) {
    const load = /(?<=load )[\d.]+/.exec(device)?.[0];
    const name = load ? device.replace(`load ${load}`, "load $") : device;
    loads.set(name, [...(loads.get(name) ?? []), ...(load ? [Number(load)] : [])]);
  }
  const range = (values: number[]) => [...new Set([Math.min(...values), Math.max(...values)])].join(" to ");
  return (
    [...loads].map(([name, values]) => (values.length ? name.replace("$", range(values)) : name)).join("; ") || "none"
  );
}
