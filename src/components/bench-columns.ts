import type {BenchRow} from "../lib/bench-row.js";
import {readable} from "./format.js";

/** The columns of the bench's table: what each is called, and the ends of the ids that it shows. */
export const benchColumns: {label: string; ends: string[]}[] = [
  {label: "steps/s", ends: [".steps"]},
  {label: "launches a step", ends: [".launches", ".dispatches"]},
  {label: "thread, ms a step", ends: [".thread"]},
  {label: "GFLOP/s", ends: [".gflops"]},
  {label: "of its gemm peak", ends: ["_share_of_gemm_peak"]},
  {label: "DDIM 20, ms", ends: [".ddim20"]},
  {label: "distance over floor", ends: [".swd_over_floor.1000"]}
];

const paths: Record<string, string> = {
  wasm: "our kernels (WebAssembly)",
  webgl: "our shaders (WebGL)",
  webgpu: "our shaders (WebGPU)",
  tfjs_cpu: "tfjs, cpu",
  tfjs_wasm: "tfjs, wasm",
  tfjs_webgl: "tfjs, webgl",
  tfjs_webgpu: "tfjs, webgpu"
};

/** The rows of a bench as the cells of a table, one line for each path that has any. */
export function benchCells(rows: readonly BenchRow[]): {name: string; cells: string[]}[] {
  return ["points", "digits"].flatMap((subject) =>
    Object.entries(paths).flatMap(([path, title]) => {
      const cells = benchColumns.map(({ends}) => {
        const row = rows.find(({id}) => ends.some((end) => id === `${subject}.${path}${end}`));
        return row ? cellText(row) : "–";
      });
      return cells.every((text) => text === "–") ? [] : [{name: `${subject}, ${title}`, cells}];
    })
  );
}

function cellText({value, unit, spread}: BenchRow): string {
  if (unit === "launches" || unit === "dispatches") return readable(value);
  return spread > 0 ? `${readable(value)} ± ${readable(spread, 2)}` : readable(value);
}
