import type {BenchRow} from "../lib/bench-row.js";
import {readable} from "../src/components/format.js";

/** What the bench is to reach; "at least" or "at most". */
export const benchGoals: Record<string, {reach: number; most?: boolean}> = {
  "points.wasm_over_tfjs_cpu": {reach: 45},
  "points.wasm_over_tfjs_wasm": {reach: 10},
  "points.wasm_over_torch": {reach: 0.9},
  "points.wasm_share_of_gemm_peak": {reach: 0.75},
  "points.webgl.launches": {reach: 40, most: true},
  "points.webgpu.dispatches": {reach: 3, most: true},
  "points.webgpu.main_thread_ratio": {reach: 100},
  "points.swd_over_floor.1000": {reach: 1.5, most: true},
  "digits.webgl.launches": {reach: 120, most: true},
  "digits.webgl.launches_ddim": {reach: 40, most: true},
  "digits.wasm_over_tfjs_cpu": {reach: 20},
  "ddpm1000_over_ddim20.points": {reach: 40},
  "ddpm1000_over_ddim20.digits": {reach: 40},
  "page.home.script_gzip": {reach: 90_000, most: true},
  "page.chapter.script_gzip": {reach: 220_000, most: true}
};

/** The rows as Markdown: those with a goal first, then all others; `page` adds what a file needs around it. */
export function benchTable(rows: readonly BenchRow[], {page = false} = {}): string {
  const goals = Object.entries(benchGoals).map(([id, {reach, most}]) => {
    const row = rows.find((own) => own.id === id);
    const met = row && (most ? row.value <= reach : row.value >= reach);
    const goal = `${most ? "≤" : "≥"} ${reach.toLocaleString("en")}`;
    return [`\`${id}\``, row ? valueText(row) : "not measured", goal, row ? (met ? "yes" : "no") : "–"];
  });
  const rest = rows.filter(({id}) => !(id in benchGoals));
  const table = (head: string[], body: string[][]) =>
    [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  const parts = [
    table(["what", "measured", "to reach", "reached"], goals),
    table(["what", "measured", "unit", "values"], rest.map((row) => [`\`${row.id}\``, valueText(row), row.unit, String(row.samples)])) // prettier-ignore
  ];
  if (!page) return parts.join("\n\n");
  const devices = [...new Set(rows.map(({device}) => device))].map((device) => `- ${device}`).join("\n");
  const intro =
    "Made by `npm run bench -- --record`: the median of turns that all paths take one after the other, and behind ± half " +
    "the distance between the quartiles. Ratios are made turn by turn. Times depend on the machine; launches and weights do not.";
  return `# The bench\n\n${intro}\n\n${parts.join("\n\n")}\n\nMeasured on:\n\n${devices}`;
}

function valueText({value, spread, unit}: BenchRow): string {
  if (unit === "bytes") return value.toLocaleString("en");
  return spread > 0 ? `${readable(value)} ± ${readable(spread, 2)}` : readable(value);
}
