import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import * as ddimEta1 from "../golden-cases/ddim-eta1.js";
import * as ddimSteps from "../golden-cases/ddim-steps.js";
import * as ddpmSteps from "../golden-cases/ddpm-steps.js";
import * as forwardInverseRespaced from "../golden-cases/forward-inverse-respaced.js";
import {parseGolden} from "../golden-cases/reading.js";
import type {GoldenReport} from "../golden-cases/report.js";
import * as schedules from "../golden-cases/schedules.js";
import * as timesteps from "../golden-cases/timesteps.js";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a file to spoil in every way
type Json = any;

interface CaseModule {
  compare(json: unknown, file: string): GoldenReport;
}

function golden(name: string): Json {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), "utf8"));
}

/** The failures after a change to the file, of which there must be at least one. */
function failuresAfter(module: CaseModule, name: string, spoil: (json: Json) => void): string {
  const json = golden(name);
  spoil(json);
  const {failures} = module.compare(json, `${name}.json`);
  assert.ok(failures.length > 0, `nobody noticed: ${spoil}`);
  return failures.join("\n");
}

describe("the comparison of golden files", () => {
  const spoils: [string, CaseModule, string, RegExp, (json: Json) => void][] = [
    [
      "a kind of schedule",
      schedules,
      "schedules",
      /kind is "quintic".*not known/,
      (j) => (j.schedules[1].kind = "quintic")
    ],
    [
      "2e-10 of an alphaBar",
      schedules,
      "schedules",
      /alpha_bar\[13\] is/,
      (j) => (j.schedules[1].alpha_bar[13] *= 1 + 2e-10)
    ],
    ["1e-6 of a sum", schedules, "schedules", /sum_log_snr\[0\]/, (j) => (j.schedules[2].sum_log_snr += 1e-6)],
    [
      "another crossing",
      schedules,
      "schedules",
      /is 260 in the file/,
      (j) => (j.schedules[0].t_where_snr_first_below_1 = 260)
    ],
    [
      "a float32 figure",
      schedules,
      "schedules",
      /float32 allows/,
      (j) => (j.schedules[0].alpha_bar_float32_diffusers[0] *= 1.001)
    ],
    [
      "a figure made null",
      schedules,
      "schedules",
      /rho is null: nothing to compare/,
      (j) => (j.schedules[0].rho = null)
    ],
    [
      "a field of a schedule",
      schedules,
      "schedules",
      /the field entropy .*not known/,
      (j) => (j.schedules[0].entropy = [1])
    ],
    ["a section", schedules, "schedules", /the field more .*not known/, (j) => (j.more = [])],
    ["a missing section", schedules, "schedules", /schedules is missing/, (j) => delete j.schedules],
    ["a t outside", schedules, "schedules", /whole numbers from -1 to 999/, (j) => (j.schedules[0].t[3] = 1000)],
    ["one index", timesteps, "timesteps", /trailing is/, (j) => j.sets[6].trailing[29]++],
    [
      "a list that should not be",
      timesteps,
      "timesteps",
      /openai_ddimN is null.*but we have/,
      (j) => (j.sets[0].openai_ddimN = null)
    ],
    ["a rule", timesteps, "timesteps", /the field karras/, (j) => (j.sets[0].karras = [1])],
    ["an order", timesteps, "timesteps", /order is "ascending"/, (j) => (j.order = "ascending")],
    ["a set without lists", timesteps, "timesteps", /no list to compare/, (j) => (j.sets[0] = {T: 10, S: 2})],
    [
      "a prediction",
      ddimSteps,
      "ddim_steps",
      /prediction_type is "score"/,
      (j) => (j.diffusers_cases[3].prediction_type = "score")
    ],
    ["a spacing", ddimSteps, "ddim_steps", /spacing is "karras"/, (j) => (j.ddim_repo_cases[3].spacing = "karras")],
    [
      "1e-9 of a sample",
      ddimSteps,
      "ddim_steps",
      /prev_sample\[1\]/,
      (j) => (j.diffusers_cases[5].prev_sample[0][1] += 1e-9)
    ],
    [
      "a sample made null",
      ddimSteps,
      "ddim_steps",
      /prev_sample is not a number/,
      (j) => (j.diffusers_cases[1].prev_sample = null)
    ],
    [
      "a sample cut short",
      ddimSteps,
      "ddim_steps",
      /has 3 numbers in the file/,
      (j) => j.diffusers_cases[1].prev_sample[0].pop()
    ],
    [
      "a field of a step",
      ddimSteps,
      "ddim_steps",
      /the field thresholding/,
      (j) => (j.diffusers_cases[1].thresholding = true)
    ],
    ["a missing eta", ddimSteps, "ddim_steps", /eta is missing/, (j) => delete j.diffusers_cases[1].eta],
    [
      "a variance type",
      ddpmSteps,
      "ddpm_steps",
      /variance_type is "learned"/,
      (j) => (j.cases[3].variance_type = "learned")
    ],
    ["1e-6 of a variance", ddpmSteps, "ddpm_steps", /variance\[0\]/, (j) => (j.cases[3].variance *= 1.000001)],
    [
      "1e-9 of a code",
      forwardInverseRespaced,
      "forward_inverse_respaced",
      /x_next/,
      (j) => (j.inverse_cases[7].x_next[1][0] += 1e-9)
    ],
    [
      "1e-9 of a velocity",
      forwardInverseRespaced,
      "forward_inverse_respaced",
      /v\[0\]/,
      (j) => (j.forward_cases[7].v[0][0] += 1e-9)
    ],
    [
      "one mapped index",
      forwardInverseRespaced,
      "forward_inverse_respaced",
      /timestep_map/,
      (j) => j.respaced[3].timestep_map[4]++
    ],
    [
      "an impossible spec",
      forwardInverseRespaced,
      "forward_inverse_respaced",
      /no whole stride/,
      (j) => (j.respaced[0].spec = "ddim600")
    ],
    [
      "a difference beyond rounding",
      ddimEta1,
      "ddim_eta1_equals_ddpm",
      /rounding/,
      (j) => (j.by_schedule.linear["20"].max_abs_diff_float64 = 1e-6)
    ],
    [
      "a kind without parameters",
      ddimEta1,
      "ddim_eta1_equals_ddpm",
      /kind is "quintic"/,
      (j) => (j.by_schedule.quintic = {20: {}})
    ]
  ];
  for (const [what, module, name, message, spoil] of spoils)
    it(`notices ${what} in ${name}`, () => assert.match(failuresAfter(module, name, spoil), message));

  it("names the case that failed and both values", () => {
    const sentence = failuresAfter(ddimSteps, "ddim_steps", (j) => (j.diffusers_cases[5].sigma = 7));
    assert.match(sentence, /^diffusers_cases\[5\]: sigma\[0\] is 7 in the file, but we have \d/);
  });

  it("compares other parameters, levels beyond the limit of eta included", () => {
    const json = golden("ddim_steps");
    const step = json.diffusers_cases.find((c: Json) => c.eta === 1 && c.t_prev > 0);
    json.diffusers_cases = [
      {
        ...step,
        eta: 50,
        prev_sample: [
          [null, null],
          [null, null]
        ],
        sigma: step.sigma * 50
      }
    ];
    json.ddim_repo_cases = [];
    assert.deepEqual(ddimSteps.compare(json, "ddim_steps.json").failures, []);
    json.diffusers_cases[0] = {...step, prev_sample: null};
    assert.match(ddimSteps.compare(json, "ddim_steps.json").failures.join(), /prev_sample is not a number in the file/);
  });

  it("reports no case for a file without any", () => {
    assert.equal(ddpmSteps.compare({cases: []}, "ddpm_steps.json").compared, 0);
    assert.match(ddpmSteps.compare([], "ddpm_steps.json").failures.join(), /not an object/);
  });
});

describe("parseGolden(text)", () => {
  it("reads Python's NaN as null and its Infinity as one, but not within texts", () => {
    assert.deepEqual(parseGolden('{"a": [NaN, Infinity, -Infinity, 1.5], "b": "NaN, \\"Infinity"}'), {
      a: [null, Infinity, -Infinity, 1.5],
      b: 'NaN, "Infinity'
    });
    assert.throws(() => parseGolden("{"), SyntaxError);
  });
});
