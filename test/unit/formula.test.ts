import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {fillSlots, FormulaError, renderFormula, slotFor, takeLabel} from "../../tools/formula.js";
import {macros} from "../../tools/macros.js";

describe("renderFormula", () => {
  it("sets TeX twice: drawn, hidden from screen readers, and as MathML", () => {
    const html = renderFormula("x_0");
    assert.match(html, /^<span class="katex"><span class="katex-mathml"><math xmlns=/);
    assert.match(html, /<span class="katex-html" aria-hidden="true">/);
    assert.match(renderFormula("x_0", {display: true}), /^<span class="katex-display">/);
  });

  it("knows the site's macros", () => {
    for (const name of Object.keys(macros)) assert.ok(renderFormula(name), name);
  });

  it("throws for bad TeX, empty TeX, and environments with numbers of their own", () => {
    assert.throws(() => renderFormula("\\nope"), /bad TeX: Undefined control sequence: \\nope/);
    assert.throws(() => renderFormula(" "), FormulaError);
    assert.throws(() => renderFormula("\u00fc"), /bad TeX: .*unicodeTextInMathMode/); // KaTeX would only warn
    assert.throws(() => renderFormula("\\begin{gather}a\\end{gather}", {display: true}), /use \\begin\{gathered\}/);
    assert.ok(renderFormula("\\begin{align*}a&=b\\end{align*}", {display: true}));
  });
});

describe("takeLabel", () => {
  it("takes the label out", () => {
    assert.deepEqual(takeLabel("a + b\n\\label{closed-form}"), {tex: "a + b", label: "closed-form"});
    assert.deepEqual(takeLabel("a"), {tex: "a", label: undefined});
  });

  it("throws for two labels, and for one that is no name", () => {
    assert.throws(() => takeLabel("a \\label{a} \\label{b}"), /has 2 labels/);
    for (const label of ["A", "eq:a", "a--b", "1a", ""])
      assert.throws(() => takeLabel(`a \\label{${label}}`), FormulaError);
  });
});

describe("fillSlots", () => {
  it("puts back what the slots stand for, as often as they stand there", () => {
    const [a, b] = ["<b>$&</b>", "<i>$1</i>"];
    assert.notEqual(slotFor(a), slotFor(b));
    assert.equal(fillSlots(`${slotFor(a)}-${slotFor(b)}-${slotFor(a)}`), `${a}-${b}-${a}`);
  });
});
