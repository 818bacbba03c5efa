import type {Spread} from "../lib/sample-scores.js";
import {spreadOf} from "../lib/sample-scores.js";
import {fixed} from "./format.js";

export interface SpreadWordsOptions {
  decimals?: number; // defaults to 2
  percent?: boolean; // the values are shares, written in per cent
}

/** Repeated measurements of one number in words, mean and standard deviation: `0.84 ± 0.02`, or `83 ± 1%`. */
export function spreadWords(
  values: readonly number[] | Spread,
  {decimals = 2, percent = false}: SpreadWordsOptions = {}
): string {
  const {mean, sd} = "mean" in values ? values : spreadOf(values);
  const scale = percent ? 100 : 1;
  return `${fixed(scale * mean, decimals)}\u00a0±\u00a0${fixed(scale * sd, decimals)}${percent ? "%" : ""}`;
}
