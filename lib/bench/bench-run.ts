import type {BenchRow} from "../bench-row.js";
import type {BenchPath, BenchSubject, Turn} from "./bench-path.js";
import type {BenchCalls, Launches, Quality} from "./bench-work.js";
import {middleRow} from "./middle-row.js";

/** Asks the thread that measures, as `ask` of worker-calls.ts of the components does. */
export type AskBench = <K extends keyof BenchCalls>(task: K, content: BenchCalls[K][0]) => Promise<BenchCalls[K][1]>;

/** A program beside the browser that takes turns with its paths, such as PyTorch. */
export interface OtherProgram {
  id: string; // as in points.wasm_over_ID
  /** Makes steps for about `ms`, and says how many it made a second. */
  turn(ms: number): Promise<number>;
}

/** Options of `runBench`. */
export interface BenchOptions {
  ask: AskBench;
  device: string;
  quick?: boolean; // fewer and shorter turns, and the quality of our kernels only; defaults to false
  only?: string; // takes the paths whose names, such as points.wasm, contain one of these, with commas between; defaults to all
  others?: OtherProgram[]; // that train points
  signal?: AbortSignal;
}

/** What a bench tells on its way: rows as they come, or why a path has none. */
export interface BenchProgress {
  done: number; // of all that is to be done, 0..1
  doing: string; // what comes next, in words
  rows: BenchRow[]; // new ones
  missing?: string; // why a path is left out
}

/** A piece of the work, and what it weighs in the progress. */
interface Task {
  doing: string;
  weight: number;
  run(): Promise<BenchRow[]>;
}

/**
 * Measures each path in turn with the others, so that what slows the machine for a while slows all of them; says what it has
 * found as it goes. Ends early, without an error, when `signal` aborts.
 */
export async function* runBench(options: BenchOptions): AsyncGenerator<BenchProgress, void> {
  const {ask, only = "", signal} = options;
  const paths = await ask("paths", undefined);
  for (const [at, subject] of (["points", "digits"] as const).entries()) {
    const chosen = paths[subject].filter(({id}) => {
      if (options.quick && !only && subject === "digits" && id !== "wasm") return false; // the others take minutes
      return only.split(",").some((part) => `${subject}.${id}`.includes(part));
    });
    const begun: Begun[] = [];
    for (const path of chosen) {
      if (signal?.aborted) return;
      yield {done: at / 2, doing: `${subject}: starting ${path.name}`, rows: []};
      try {
        begun.push({...path, launches: await ask("begin", {subject, path: path.id})});
      } catch (error) {
        if (signal?.aborted) return;
        const missing = `${subject}, ${path.name}: ${error instanceof Error ? error.message : String(error)}`;
        yield {done: at / 2, doing: "", rows: [], missing};
      }
    }
    const tasks = tasksOf(subject, begun, options);
    const all = tasks.reduce((sum, {weight}) => sum + weight, 0);
    let done = 0;
    for (const {doing, weight, run} of tasks) {
      if (signal?.aborted) return;
      yield {done: (at + done / all) / 2, doing: `${subject}: ${doing}`, rows: []};
      const rows = await run();
      done += weight;
      yield {done: (at + done / all) / 2, doing: "", rows};
    }
    for (const {id} of begun) await ask("end", {subject, path: id});
  }
}

interface Begun extends Pick<BenchPath, "id" | "name" | "counts"> {
  launches: Launches;
}

function tasksOf(subject: BenchSubject, paths: Begun[], options: BenchOptions): Task[] {
  const {ask, device, quick = false, others = []} = options;
  const turns = quick ? 3 : 9;
  const ms = quick ? 300 : 1000;
  const row = (id: string, values: number[], unit: string) => middleRow(`${subject}.${id}`, values, unit, device);
  const measured = new Map<string, Turn[]>(paths.map(({id}) => [id, []]));
  const rates = new Map<string, number[]>();
  const programs = subject === "points" ? others : [];
  const tasks: Task[] = Array.from({length: turns}, (_, turn) => ({
    doing: `turn ${turn + 1} of ${turns}`,
    weight: paths.length * (ms / 1000) * 2,
    async run() {
      for (const {id} of paths) measured.get(id)!.push(await ask("turn", {subject, path: id, ms}));
      for (const other of programs) rates.set(other.id, [...(rates.get(other.id) ?? []), await other.turn(ms)]);
      return turn === turns - 1 ? speedRows() : [];
    }
  }));
  for (const path of paths) tasks.push(...samplings(path), ...(subject === "points" ? qualities(path) : []));
  return tasks;

  function speedRows(): BenchRow[] {
    const found: BenchRow[] = [];
    for (const {id, counts, launches} of paths) {
      const own = measured.get(id)!;
      const of = (name: keyof Turn) => own.map((turn) => turn[name]);
      found.push(row(`${id}.steps`, of("stepsPerSecond"), "steps/s"), row(`${id}.thread`, of("threadMs"), "ms"));
      found.push(row(`${id}.gflops`, of("gflops"), "GFLOP/s"), row(`${id}.gemm_peak`, of("peakGflops"), "GFLOP/s"));
      const shares = own.map(({gflops, peakGflops}) => gflops / peakGflops);
      found.push(row(`${id}_share_of_gemm_peak`, shares, "ratio"));
      if (!counts) continue;
      found.push(
        row(`${id}.${counts}`, [launches.train], counts),
        row(`${id}.${counts}_ddim`, [launches.ddim], counts)
      );
    }
    const wasm = measured.get("wasm")?.map(({stepsPerSecond}) => stepsPerSecond);
    if (!wasm) return found;
    for (const {id} of paths) {
      if (id !== "wasm") rates.set(id, measured.get(id)!.map(({stepsPerSecond}) => stepsPerSecond)); // prettier-ignore
    }
    for (const [id, own] of rates) found.push(row(`wasm_over_${id}`, wasm.map((rate, i) => rate / own[i]), "ratio")); // prettier-ignore
    const [tfjs, fused] = [measured.get("tfjs_webgpu"), measured.get("webgpu")];
    if (tfjs && fused)
      found.push(row("webgpu.main_thread_ratio", tfjs.map((turn, i) => turn.threadMs / fused[i].threadMs), "ratio")); // prettier-ignore
    return found;
  }

  function samplings({id, name}: Begun): Task[] {
    const count = subject === "points" ? 1000 : 10;
    const sample = (sampler: "ddim" | "ddpm", steps: number) =>
      ask("sample", {subject, path: id, sampler, steps, count}).then(({ms}) => ms);
    const repeats = quick ? 1 : 3;
    const lists = quick ? [20] : [10, 20, 50];
    const longest = quick ? 5000 : 60_000; // ms, for one list
    const all: Task = {
      doing: `sampling on ${name}`,
      weight: 3,
      async run() {
        const found = new Map<number, number[]>(lists.map((steps) => [steps, []]));
        const one = await sample("ddim", 1);
        const chosen = lists.filter((steps) => steps * one < longest);
        for (let i = 0; i < repeats; ++i)
          for (const steps of chosen) found.get(steps)!.push(await sample("ddim", steps));
        return chosen.map((steps) => row(`${id}.ddim${steps}`, found.get(steps)!, "ms"));
      }
    };
    const long: Task = {
      doing: `DDPM with 1,000 steps on ${name}`,
      weight: 10,
      async run() {
        const [ddim, ddpm]: [number[], number[]] = [[], []];
        for (let i = 0; i < repeats; ++i) {
          ddpm.push(await sample("ddpm", 1000));
          ddim.push(await sample("ddim", 20));
        }
        const ratios = ddpm.map((ms, i) => ms / ddim[i]);
        return [
          row(`${id}.ddpm1000`, ddpm, "ms"),
          middleRow(`ddpm1000_over_ddim20.${subject}`, ratios, "ratio", device)
        ];
      }
    };
    return id === "wasm" && !(quick && subject === "digits") ? [all, long] : [all];
  }

  function qualities({id, name}: Begun): Task[] {
    if (quick && id !== "wasm") return [];
    const seeds = quick ? [0] : [0, 1, 2];
    return [
      {
        doing: `1,000 steps, and the quality, on ${name}`,
        weight: 15,
        async run() {
          const found: Quality[] = [];
          for (const seed of id === "wasm" ? seeds : [0])
            found.push(await ask("quality", {path: id, steps: 1000, seed}));
          const ratios = found.map(({ratio}) => ratio);
          return [
            row(`${id}.swd_over_floor.1000`, ratios, "ratio"),
            row(`${id}.loss.1000`, [found[0].loss], "mean square") // of seed 0, which every path has
          ];
        }
      }
    ];
  }
}
