/**
 * Compares every JSON file of a folder of golden figures: GOLDEN_DIR, relative to the working directory, or test/golden.
 *
 * A file, a field or a case that is not known is a failure: nothing is skipped.
 */
import assert from "node:assert/strict";
import {existsSync, readFileSync, readdirSync, statSync} from "node:fs";
import {basename, join, resolve} from "node:path";
import {describe, it} from "node:test";
import {setImmediate} from "node:timers/promises";
import {fileURLToPath} from "node:url";
import * as convergenceOrder from "./golden-cases/convergence-order.js";
import * as ddimEta1 from "./golden-cases/ddim-eta1.js";
import * as ddimSteps from "./golden-cases/ddim-steps.js";
import * as ddpmSteps from "./golden-cases/ddpm-steps.js";
import * as errataSeedUpdate from "./golden-cases/errata-seed-update.js";
import * as forwardInverseRespaced from "./golden-cases/forward-inverse-respaced.js";
import * as quirk from "./golden-cases/quirk.js";
import {parseGolden} from "./golden-cases/reading.js";
import type {GoldenReport} from "./golden-cases/report.js";
import * as schedules from "./golden-cases/schedules.js";
import * as stochasticTable from "./golden-cases/stochastic-table.js";
import * as timesteps from "./golden-cases/timesteps.js";
import * as trajectories from "./golden-cases/trajectories.js";

interface CaseModule {
  names: string[]; // whole names, or beginnings that end in *
  compare(json: unknown, file: string): GoldenReport;
}

const modules: CaseModule[] = [
  convergenceOrder,
  ddimEta1,
  ddimSteps,
  ddpmSteps,
  errataSeedUpdate,
  forwardInverseRespaced,
  quirk,
  schedules,
  stochasticTable,
  timesteps,
  trajectories
];

const given = process.env.GOLDEN_DIR;
const folder = given ? resolve(given) : fileURLToPath(new URL("golden", import.meta.url));

describe(`golden figures in ${given ?? "test/golden"}`, () => {
  const files = goldenFiles();
  if (!files.length) it("finds the figures", () => assert.fail(`GOLDEN_DIR is ${folder}: no JSON file is in it`));
  for (const file of files) it(`matches ${file}`, () => compareFile(file));
});

function goldenFiles(): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  const paths = readdirSync(folder, {recursive: true, encoding: "utf8"});
  return paths.filter((path) => /\.json$/i.test(path)).sort();
}

async function compareFile(file: string): Promise<void> {
  await setImmediate(); // some files take a minute: let the runner hear which one began
  const module = moduleOf(basename(file).replace(/\.json$/i, ""));
  assert.ok(module, `${file} is not known: a module in test/golden-cases must name it`);
  const report = module.compare(parseGolden(readFileSync(join(folder, file), "utf8")), file);
  const worst = `worst ${report.worst.toPrecision(2)}${report.unit ? ` (${report.unit})` : ""}`;
  const failed = report.failures.length ? `, ${report.failures.length} failures` : "";
  console.log(`${file}: ${report.compared} cases, ${worst}${failed}`);
  const shown = report.failures.slice(0, 20).join("\n");
  const more = report.failures.length > 20 ? `\nand ${report.failures.length - 20} more` : "";
  assert.ok(!report.failures.length, `${file}: ${report.failures.length} failures\n${shown}${more}`);
  assert.ok(report.compared > 0, `${file} has no case to compare`);
}

function moduleOf(name: string): CaseModule | undefined {
  return modules.find(({names}) =>
    names.some((known) => (known.endsWith("*") ? name.startsWith(known.slice(0, -1)) : name === known))
  );
}
