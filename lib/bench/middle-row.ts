import type {BenchRow} from "../bench-row.js";

/** The median of values, with half the distance between their quartiles as the spread. */
export function middleRow(id: string, values: readonly number[], unit: string, device: string): BenchRow {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
  };
  return {id, value: at(0.5), unit, spread: (at(0.75) - at(0.25)) / 2, samples: values.length, device};
}

/** The row of the path whose value is the worst of those whose ids match, under an id of its own; undefined of none. */
export function worstRow(id: string, rows: readonly BenchRow[], matching: RegExp): BenchRow | undefined {
  const found = rows.filter((row) => matching.test(row.id)).sort((a, b) => b.value - a.value);
  return found.length ? {...found[0], id} : undefined;
}
