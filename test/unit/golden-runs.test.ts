import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import * as convergenceOrder from "../golden-cases/convergence-order.js";
import * as errataSeedUpdate from "../golden-cases/errata-seed-update.js";
import * as quirk from "../golden-cases/quirk.js";
import type {GoldenReport} from "../golden-cases/report.js";
import * as stochasticTable from "../golden-cases/stochastic-table.js";
import * as trajectories from "../golden-cases/trajectories.js";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a file to spoil in every way
type Json = any;

function golden(name: string): Json {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), "utf8"));
}

/** Compares a short file as it is, which must pass, and spoilt, each spoil of which must be noticed. */
function check(
  module: {compare(json: unknown, file: string): GoldenReport},
  short: Json,
  spoils: [RegExp, (json: Json) => void][]
) {
  const json = structuredClone(short);
  const sound = module.compare(json, "sound.json");
  assert.deepEqual(sound.failures, []);
  assert.ok(sound.compared > 0 && sound.worst <= 1 && sound.worst > 0);
  assert.deepEqual(json, short, "the file is only read");
  for (const [, spoil] of spoils) spoil(json);
  const {failures} = module.compare(json, "spoilt.json");
  for (const [failure] of spoils) {
    assert.ok(
      failures.some((sentence) => failure.test(sentence)),
      `nobody said ${failure}, but\n${failures.join("\n")}`
    );
  }
  for (const sentence of failures)
    assert.ok(
      spoils.some(([failure]) => failure.test(sentence)),
      `unexpected: ${sentence}`
    );
}

const times = (factor: number) => (pair: number[]) => (pair[0] *= factor);

describe("the comparison of golden trajectories", () => {
  const full = golden("trajectories_tri");
  const short = {
    ...full,
    runs: full.runs.filter((run: Json) => run.S <= 20),
    eps_values: full.eps_values.slice(0, 3),
    inversion: full.inversion.filter((run: Json) => run.S === 10)
  };

  it("notices 1e-9 of DDIM's figures, 1e-5 of other ends, a third of an error over random points, and strange values", () => {
    check(trajectories, short, [
      [/runs\[0\]: end\[3\]/, (j) => (j.runs[0].end[1][1] *= 1 + 1e-9)],
      [/runs\[1\]: states\[12\]/, (j) => (j.runs[1].states[1][0][0] *= 1 + 1e-9)],
      [/runs\[2\]: dpmpp2m_end\[0\]/, (j) => (j.runs[2].dpmpp2m_end[0][0] *= 1 + 1e-5)],
      [/runs\[3\]: reference_ode_end\[4\]/, (j) => (j.runs[3].reference_ode_end[2][0] *= 1 + 1e-5)],
      [/runs\[4\]: t_first is 901/, (j) => ++j.runs[4].t_first],
      [/runs\[5\]: spacing is "sideways".*not known/, (j) => (j.runs[5].spacing = "sideways")],
      [/runs\[6\]: kind is "quintic"/, (j) => (j.runs[6].schedule.kind = "quintic")],
      [/runs\[7\]: the field extra/, (j) => (j.runs[7].extra = 1)],
      [/runs\[8\]: end has 10 numbers/, (j) => j.runs[8].end.pop()],
      [/eps_values\[0\]: eps\[0\]/, (j) => (j.eps_values[0].eps[0][0] += 1e-9)],
      [/eps_values\[1\]: x0_mean\[5\]/, (j) => (j.eps_values[1].x0_mean[2][1] += 1e-9)],
      [/eps_values\[2\]: alpha_bar/, (j) => (j.eps_values[2].alpha_bar *= 1 + 1e-9)],
      [/inversion\[0\], target: x_T\[0\]/, (j) => (j.inversion[0].target.x_T[0][0] *= 1 + 1e-5)],
      [/inversion\[0\], source: x0_rec\[1\]/, (j) => (j.inversion[0].source.x0_rec[0][1] *= 1 + 1e-5)],
      [/runs\[0\], median.*: ddim is/, (j) => (j.runs[0].median_error_vs_ode_2000pts.ddim *= 1.3)],
      [/runs\[1\], median.*: dpmpp2m is/, (j) => (j.runs[1].median_error_vs_ode_2000pts.dpmpp2m *= 0.7)],
      [/runs\[0\], rms.*: dpmpp2m /, (j) => (j.runs[0].rms_error_vs_ode_2000pts.dpmpp2m *= 1.3)],
      [/runs\[2\], rms.*: ddim /, (j) => (j.runs[2].rms_error_vs_ode_2000pts.ddim *= 0.5)],
      [/runs\[3\], rms.*: heun_nfe is 10 in/, (j) => (j.runs[3].rms_error_vs_ode_2000pts.heun_nfe = 10)],
      [/inversion\[0\], target: mse_per_dim/, (j) => (j.inversion[0].target.mse_per_dim *= 1.5)],
      [/inversion\[1\], source: median_abs_err/, (j) => (j.inversion[1].source.median_abs_err *= 1.4)],
      [/inversion\[1\], target: latent_std/, (j) => (j.inversion[1].target.latent_std *= 1.2)]
    ]);
  });

  it("reads the mixture from the file", () => {
    const json = structuredClone({...short, runs: short.runs.slice(0, 1), eps_values: [], inversion: []});
    json.mixture.stds[1] = 0.21;
    assert.match(trajectories.compare(json, "").failures.join(), /runs\[0\]: end\[0\] is/);
    json.mixture.stds.pop();
    assert.match(trajectories.compare(json, "").failures.join(), /3 weights, 3 means and 2 stds/);
  });
});

describe("the comparison of golden orders of convergence", () => {
  const full = golden("convergence_order");
  const short = {...full, rows: full.rows.slice(0, 4)};

  it("notices ends, errors and orders that are off", () => {
    check(convergenceOrder, short, [
      [/lambda_from/, (j) => (j.lambda_from *= 1 + 1e-9)],
      [/reference_end\[0\]/, (j) => (j.reference_end[0][0] *= 1 + 1e-5)],
      [/rows\[0\], ddim: end\[0\]/, (j) => (j.rows[0].ddim.end[0][0] *= 1 + 1e-9)],
      [/rows\[1\], dpmpp2m: end\[7\]/, (j) => (j.rows[1].dpmpp2m.end[3][1] *= 1 + 1e-5)],
      [/rows\[2\], heun: end\[1\]/, (j) => (j.rows[2].heun.end[0][1] *= 1 + 1e-5)],
      [/rows\[3\], ddim: order_from_previous_rms/, (j) => (j.rows[3].ddim.order_from_previous_rms += 1e-6)],
      [/rows\[3\], heun: (median|order_from_previous_median)/, (j) => (j.rows[3].heun.median *= 1.5)],
      [/heun_nfe is not/, (j) => (j.heun_nfe = "2N-1")]
    ]);
  });

  it("refuses a ladder and ends that it does not know", () => {
    const failures = (change: object) => convergenceOrder.compare({...short, ...change}, "").failures.join();
    assert.match(failures({ladder: "even in rho"}), /ladder is "even in rho", which is not known/);
    assert.match(failures({schedule: {kind: "cosine", T: 1000}}), /alpha_bar_from.*no level of the schedule/);
  });
});

describe("the comparison of golden sample statistics", () => {
  it("notices figures that are off by more than sampling, and values that it does not know", () => {
    const full = golden("stochastic_table");
    const rows = full.rows.filter((row: Json) => row.S === 10 && row.mixture === "tri").slice(0, 10);
    const {tri} = full.mixtures;
    const short = {...full, n_samples: 10_000, mixtures: {tri}, noise_floor: full.noise_floor.slice(0, 1), rows};
    check(stochasticTable, short, [
      [/noise_floor\[0\]: trace_cov is/, (j) => times(1.2)(j.noise_floor[0].trace_cov)],
      [/rows\[0\]: sw1/, (j) => times(1.4)(j.rows[0].sw1)],
      [/rows\[0\]: trace_cov/, (j) => times(1.2)(j.rows[0].trace_cov)],
      [/rows\[1\]: within_mode_std_ratio/, (j) => times(0.8)(j.rows[1].within_mode_std_ratio)],
      [/rows\[2\]: frac_within_3std_of_a_mode/, (j) => times(0.8)(j.rows[2].frac_within_3std_of_a_mode)],
      [/rows\[3\]: energy/, (j) => times(2)(j.rows[3].energy)],
      [/rows\[4\]: mode_weight_tv/, (j) => times(1.5)(j.rows[4].mode_weight_tv)],
      [/rows\[5\]: eta is "half".*not known/, (j) => (j.rows[5].eta = "half")],
      [/rows\[6\]: schedule is "square".*not known/, (j) => (j.rows[6].schedule = "square")],
      [/rows\[7\]: mixture is "seven".*not known/, (j) => (j.rows[7].mixture = "seven")],
      [/rows\[8\]: the field wobble/, (j) => (j.rows[8].wobble = 3)],
      [/rows\[9\]: sw2 is "low", not \[mean, sd\]/, (j) => (j.rows[9].sw2 = "low")]
    ]);
  });

  it("tells the flawed updates apart, and notices norms on the way that are off", () => {
    const full = golden("errata_seed_update");
    const short = {...full, rows: full.rows.filter((row: Json) => row.S === 10 && !row.clip_x0)};
    const order = short.rows.map((r: Json) => `${r.x0_scaling} ${r.noise}`);
    assert.deepEqual(order, [
      "multiply predicted",
      "divide predicted",
      "multiply fresh",
      "divide fresh",
      "posterior_sample fresh"
    ]);
    check(errataSeedUpdate, short, [
      [/rows\[0\]: noise is "pink"/, (j) => (j.rows[0].noise = "pink")],
      [/rows\[1\]: median_norm_max_over_steps/, (j) => (j.rows[1].median_norm_max_over_steps *= 1.2)],
      [/rows\[2\], median_norm_at_step: 6/, (j) => (j.rows[2].median_norm_at_step[6] *= 1.2)],
      [/rows\[3\](:|, median_norm_at_step:) /, (j) => (j.rows[3].x0_scaling = "multiply")],
      [/rows\[3\]: sw2/, () => undefined],
      [/rows\[4\]: within_mode_std_ratio/, (j) => times(0.7)(j.rows[4].within_mode_std_ratio)]
    ]);
  });

  it("notices the effect of the previous timestep", () => {
    const full = golden("quirk_prev_timestep");
    const short = {...full, rows: full.rows.filter((row: Json) => row.S === 10)};
    check(quirk, short, [
      [/rows\[0\]: sw2_mean/, (j) => (j.rows[0].sw2_mean *= 1.15)],
      [/rows\[1\]: sw2_mean/, (j) => (j.rows[1].sw2_mean *= 0.8)],
      [/rows\[2\]: timesteps_first3_last2\[1\]/, (j) => ++j.rows[2].timesteps_first3_last2[1]],
      [/rows\[3\]: t_prev_rule is "backwards"/, (j) => (j.rows[3].t_prev_rule = "backwards")],
      [
        /rows\[4\]: steps_offset is 2 with another spacing|rows\[4\]: timesteps_first3_last2/,
        (j) => (j.rows[4].steps_offset = 2)
      ]
    ]);
  });
});
