/** A digit network that is a formula, for tests. */
import type {DigitPredictor} from "../../lib/digits/digit-predictor.js";
import {digitSchedule, noLabel} from "../../lib/digits/digit.js";
import {alphaBarAt} from "../../lib/schedule.js";

/** What it was asked: the number of digits in each call. */
export interface FakeDigits extends DigitPredictor {
  calls: number[];
}

/**
 * The best network for digits whose pixels are independent and normal, with the mean `mean(label)` and the standard
 * deviation `std`.
 */
export function fakeDigits({
  mean = (label: number) => (label === noLabel ? 0 : label / 10),
  std = 0.5
} = {}): FakeDigits {
  const calls: number[] = [];
  return {
    backend: "formula",
    calls,
    async predict(x, t, labels) {
      const n = labels.length;
      calls.push(n);
      const size = x.length / n;
      return x.map((value, i) => {
        const k = Math.floor(i / size);
        const alphaBar = alphaBarAt(digitSchedule, typeof t === "number" ? t : t[k]);
        const [a, b] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
        const off = value - a * mean(labels[k]);
        const variance = alphaBar * std ** 2 + 1 - alphaBar;
        const epsilon = (b * off) / variance;
        const x0 = mean(labels[k]) + (a * std ** 2 * off) / variance;
        return a * epsilon - b * x0;
      });
    }
  };
}
