import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import {boundFormula} from "../../tools/formula-binding.js";
import {renderFormula} from "../../tools/formula.js";
import {escapeHtml} from "../../tools/html.js";
import {siteConfig} from "../../tools/site.js";

const {md} = normalizeConfig(siteConfig());

const render = (source: string) => md.render(source, {path: "/index", code: []}) as string;

/** What a reader sees: without tags, and without the hidden MathML. */
const seen = (html: string) =>
  html
    .replace(/<span class="katex-mathml">[^]*?<\/math><\/span>/g, "")
    .replace(/<[^>]+>/g, "")
    .replace(/[\u200b\s]+/g, "");

/** The pieces in which no line breaks. */
function pieces(html: string): string[] {
  return html
    .split('<span class="nobreak">')
    .slice(1)
    .map((rest) => seen(rest.slice(0, endOf(rest))));
}

// Where the span ends that has just begun.
function endOf(html: string): number {
  let depth = 1;
  for (const {0: tag, index} of html.matchAll(/<\/?span/g)) {
    depth += tag === "<span" ? 1 : -1;
    if (depth === 0) return index;
  }
  throw new Error("the tags do not match");
}

function balanced(html: string): boolean {
  return html.split("<span").length === html.split("</span>").length;
}

describe("a formula in a line", () => {
  it("keeps the punctuation after it and the bracket before it on its line", () => {
    const html = render("From $x_t$, and ($z$) again: $t$.");
    assert.deepEqual(pieces(html), ["xt,", "(z)", "t."]);
    assert.equal(seen(html), "Fromxt,and(z)again:t.");
  });

  it("when long, still breaks between its own parts, and binds only the outermost of them", () => {
    const html = render("see ($a_1 = b_1 + c_1 + d_1 + e_1$).");
    assert.deepEqual(pieces(html), ["(a1=", "e1)."]);
    assert.ok(balanced(html));
  });

  it("is never broken when it is short, whatever stands around it", () => {
    assert.deepEqual(pieces(render("At $\\eta = 0$ we draw $q(x \\mid x_0)$, and $m - f$ is left.")), [
      "η=0",
      "q(x∣x0),",
      "m−f"
    ]);
  });

  it("leaves a formula among words as it is", () => {
    assert.ok(!render("words $x_t$ words").includes("nobreak"));
    assert.equal(boundFormula(renderFormula("x"), {}), renderFormula("x"));
  });

  it("is the same in sight and for a screen reader, and its tags match", () => {
    for (const tex of ["t", "a = b", "a = b + c - d", "a = b + c - d + e - f + g + h", "\\frac{a}{b}"]) {
      const plain = renderFormula(tex);
      const html = boundFormula(plain, {before: "(", after: ")<"});
      assert.ok(balanced(html), tex);
      assert.equal(seen(html), `(${seen(plain)})${escapeHtml("<")}`, tex);
      assert.equal(html.match(/<math/g)?.length, 1, `${tex}: one MathML`);
    }
  });
});
