import assert from "node:assert/strict";
import {mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, describe, it} from "node:test";
import {equationCode, equationCodeHtml} from "../../tools/equation-code.js";

const folder = mkdtempSync(join(tmpdir(), "ddim-notebook-equation-code-"));
after(() => rmSync(folder, {recursive: true}));

describe("the code of a formula", () => {
  mkdirSync(join(folder, "sub"));
  mkdirSync(join(folder, "vendor"));
  writeFileSync(
    join(folder, "a.ts"),
    `/** Adds; @eq-sum and @eq-all. */\nexport function add() {}\n/** @eq-none */\nfunction own() {}\n`
  );
  writeFileSync(
    join(folder, "sub/b.ts"),
    `/**\n * All: @eq-all.\n */\nexport const all = 1;\n// @eq-sum\nexport const x = 1;\n`
  );
  writeFileSync(join(folder, "vendor/c.ts"), `/** @eq-sum */\nexport const made = 1;\n`);

  it("is what the library exports with the formula's label in its documentation", () => {
    assert.deepEqual(Object.fromEntries(equationCode(folder)), {
      sum: [{name: "add", module: "./lib/a.js"}],
      all: [
        {name: "add", module: "./lib/a.js"},
        {name: "all", module: "./lib/sub/b.js"}
      ]
    });
  });

  it("follows a file that changes", async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(join(folder, "a.ts"), `/** Adds. */\nexport function add() {}\n`);
    assert.equal(equationCode(folder).has("sum"), false);
  });

  it("stands under the formula with what to import, and nothing where there is none", () => {
    assert.equal(equationCodeHtml(), "");
    const html = equationCodeHtml([{name: "add", module: "./lib/a.js"}]);
    assert.match(html, /in code: <code title="import \{add\} from &quot;\.\/lib\/a\.js&quot;">add<\/code>/);
  });
});

describe("formulas and code", () => {
  const pages = readdirSync("src").filter((name) => name.endsWith(".md"));
  const labels = new Set(
    pages.flatMap((name) =>
      [...readFileSync(join("src", name), "utf8").matchAll(/\\label\{([\w-]+)\}/g)].map(([, own]) => own)
    )
  );
  const code = equationCode();

  it("code names only formulas that a page has", () => {
    const unknown = [...code].filter(([label]) => !labels.has(label));
    assert.deepEqual(
      unknown.map(([label, [{name}]]) => `${name} names @eq-${label}`),
      []
    );
  });

  it("each formula that defines a schedule, a step or a prediction names its code", () => {
    const used = [
      ...["linear", "cosine", "scaled-linear", "sigmoid", "alpha-bar", "one-step-draw", "jump", "snr", "log-snr"],
      ...["posterior-mean", "posterior-variance", "velocity-target", "from-velocity", "predicted-x0", "exact-noise"],
      ...["ddim-update", "eta", "eta-limit", "subsequence", "euler", "ode", "guidance", "slerp", "encode", "frechet"],
      ...["noise-loss", "training-point", "time-features", "running-average", "score-noise", "clean-posterior"]
    ];
    assert.deepEqual(
      used.filter((label) => !labels.has(label)),
      [],
      "the list of this test names formulas that no page has"
    );
    assert.deepEqual(
      used.filter((label) => !code.has(label)),
      []
    );
  });

  it("each module of mathematics names the formulas that it computes", () => {
    const modules = ["schedule", "forward", "posterior", "ddim", "ddpm", "prediction", "mixture", "ode", "slerp"];
    const named = new Set([...code.values()].flat().map(({module}) => module));
    assert.deepEqual(
      modules.filter((name) => !named.has(`./lib/${name}.js`)),
      []
    );
  });
});
