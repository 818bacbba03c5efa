import {makeSchedule} from "../lib/schedule.js";
import {chart} from "./chart.js";
import {controls, slider} from "./controls.js";
import {chartTable} from "./figure-table.js";
import {powerOfTen, readable} from "./format.js";
import {live, reading, readings} from "./live.js";

const shortest = 25; // rescaled, the last beta of a chain of 20 steps would be 1
const longest = 1000;
const ticks = [25, 50, 100, 200, 500, 1000];

/** alphaBar at the last of T steps of the linear schedule, with the betas of 1000 steps or with betas scaled by 1000/T. */
export function alphaBarAtEnd(timesteps: number, rescale: boolean): number {
  return makeSchedule("linear", {timesteps, rescale}).alphaBar[timesteps - 1];
}

/** What the linear schedule leaves of the data when its number of steps is changed, with unchanged and with rescaled betas. */
export function scheduleLengthFigure(): HTMLElement {
  const steps = slider({name: "steps", symbol: "T", min: shortest, max: longest, step: 5, value: 100, wide: true});
  const kept = reading("√ᾱ at T, betas unchanged", "var(--theme-red)");
  const scaled = reading("√ᾱ at T, betas times 1000/T", "var(--data)");
  const ends = chart(endsChart());
  const root = live(
    "The linear schedule with other numbers of steps",
    controls(steps),
    ends as unknown as HTMLElement,
    readings(kept, scaled)
  );
  root.badge("exact", "formulas, in double precision");
  root.table(() => chartTable(endsChart()));
  steps.addEventListener("input", show);
  show();
  return root;

  function show(): void {
    const T = steps.value;
    const [plain, repaired] = [false, true].map((rescale) => alphaBarAtEnd(T, rescale));
    ends.update({cursor: T});
    kept.set(percent(plain), Math.sqrt(plain));
    scaled.set(percent(repaired), Math.sqrt(repaired));
    root.say(
      `${T} steps: with unchanged betas ᾱ at T is ${readable(plain)} and ${percent(plain)} of x₀ is left; ` +
        `with betas times 1000/T it is ${readable(repaired)} and ${percent(repaired)}.`
    );
  }
}

function percent(alphaBar: number): string {
  return `${readable(100 * Math.sqrt(alphaBar), 2)}%`;
}

function endsChart() {
  const lengths = Array.from({length: 40}, (_, k) => Math.round(shortest * (longest / shortest) ** (k / 39)));
  const points = (rescale: boolean) => lengths.map((T) => [T, alphaBarAtEnd(T, rescale)] as const);
  return {
    title: "What is left at the end, for other numbers of steps",
    height: 230,
    x: {
      label: "number of steps T, log scale",
      domain: [shortest, longest] as const,
      log: true,
      format: (T: number) => (ticks.includes(T) ? String(T) : "")
    },
    y: {label: "ᾱ at T, log scale", domain: [1e-7, 1] as const, log: true, format: powerOfTen},
    series: [
      {
        name: "betas unchanged",
        color: "theme-red" as const,
        dash: [6, 3],
        points: points(false),
        label: {x: 330, side: "left" as const}
      },
      {
        name: "betas times 1000/T",
        color: "data" as const,
        points: points(true),
        label: {x: 130, side: "right" as const}
      }
    ]
  };
}
