/** What became of one golden file. */
export interface GoldenReport {
  compared: number; // cases compared, each with all its figures
  worst: number; // the largest error, relative to |value| + 0.01 unless `unit` says otherwise: the limit is 1e-10 then
  failures: string[]; // one sentence each: which case, which figure, both values
  unit?: string; // what `worst` is, where it is not the above
}
