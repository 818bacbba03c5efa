/** Says how fast steps go by on the clock, all that happens between them included. */
export interface PaceMeter {
  /** Steps made so far, at this moment. */
  tick(step: number): void;
  /** Forgets, e.g. after a pause. */
  clear(): void;
  readonly rate: number; // steps per second over the last ticks; NaN before there are two
}

const memory = 20; // ticks

export function paceMeter(now: () => number = () => performance.now()): PaceMeter {
  let ticks: [time: number, step: number][] = [];
  return {
    tick(step) {
      ticks = [...ticks, [now(), step] as [number, number]].slice(-memory);
    },
    clear() {
      ticks = [];
    },
    get rate() {
      if (ticks.length < 2) return NaN;
      const [[t0, s0], [t1, s1]] = [ticks[0], ticks.at(-1)!];
      return (1000 * (s1 - s0)) / (t1 - t0);
    }
  };
}

/** A length of time for reading: `8 s`, `2 min 05 s`; a dash when it is not known. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
