import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import type {Token} from "markdown-it";
import type {MathMeta} from "../../tools/math.js";
import {siteConfig} from "../../tools/site.js";

// Framework's own parser, with its rule for ${…}, and the rules of the site.
const {md} = normalizeConfig(siteConfig());

function tokens(source: string): Token[] {
  const flat = md.parse(source, {path: "/index", code: []});
  return flat.flatMap((token) => [token, ...(token.children ?? [])]);
}

/** The formulas in a text: their TeX, or the problem. */
function formulas(source: string, type = "math_inline"): string[] {
  return tokens(source).flatMap(({type: own, content, meta}) =>
    own === type ? [(meta as MathMeta).problem ? "problem" : content] : []
  );
}

describe("$…$", () => {
  it("is a formula, whatever Markdown would make of its text", () => {
    assert.deepEqual(formulas("$a_1 * b * c_2$ and $x^{[1](2)}$"), ["a_1 * b * c_2", "x^{[1](2)}"]);
    assert.deepEqual(formulas("**$a$**, [$b$](/x), # $c$"), ["a", "b", "c"]);
    assert.deepEqual(formulas("| a |\n|---|\n| $x_1$ |"), ["x_1"]);
  });

  it("may run over a line's end, and may hold an escaped dollar", () => {
    assert.deepEqual(formulas("$a\n= b$"), ["a\n= b"]);
    assert.deepEqual(formulas("$\\text{\\$}5$."), ["\\text{\\$}5"]);
  });

  it("leaves ${…} to Framework, also where two of them look like a formula", () => {
    const found = tokens("${a}–${b} and $c$, ${`$${d}`}").filter(({type}) => type === "placeholder");
    assert.deepEqual(
      found.map(({content}) => content),
      ["a", "b", "`$${d}`"]
    );
    assert.deepEqual(formulas("${a}–${b} and $c$, ${`$${d}`}"), ["c"]);
  });

  it("leaves code and escaped dollars alone", () => {
    assert.deepEqual(formulas("`$a$` costs \\$5 and \\$6"), []);
    assert.deepEqual(formulas("```\n$a$\n```"), []);
    assert.deepEqual(formulas("    $a$"), []);
  });

  it("says so when a dollar opens nothing", () => {
    for (const source of ["$5 and $6", "$5–$6", "a $ b", "$ a$", "$a $", "$a", "a $$b$$ c"]) {
      assert.ok(formulas(source).includes("problem"), source);
    }
  });
});

describe("$$…$$", () => {
  it("is a block, on one line or several", () => {
    assert.deepEqual(formulas("$$a$$", "math_block"), ["a"]);
    assert.deepEqual(formulas("$$\na\n\nb\n$$\n", "math_block"), ["a\n\nb"]);
    assert.deepEqual(formulas("$$ a\n+ b $$", "math_block"), ["a\n+ b"]);
  });

  it("interrupts a paragraph, and stands in lists, quotes and HTML with blank lines", () => {
    assert.deepEqual(formulas("Text\n$$\na\n$$\nmore", "math_block"), ["a"]);
    assert.deepEqual(formulas("- one\n\n  $$\n  a\n  $$\n- two", "math_block"), ["a"]);
    assert.deepEqual(formulas("> $$\n> a\n> $$", "math_block"), ["a"]);
    assert.deepEqual(formulas("<details>\n\n$$a$$\n\n</details>", "math_block"), ["a"]);
  });

  it("knows the lines on which it stands", () => {
    const [block] = tokens("Text\n\n$$\na\n$$\n\nmore").filter(({type}) => type === "math_block");
    assert.deepEqual(block.map, [2, 5]);
  });

  it("ends with the list item that holds it, and says that it was not closed", () => {
    assert.deepEqual(formulas("- one\n\n  $$\n  a\n\ntext", "math_block"), ["problem"]);
    assert.ok(tokens("- one\n\n  $$\n  a\n\ntext").some(({content}) => content === "text"));
  });

  it("leaves code alone", () => assert.deepEqual(formulas("```\n$$\na\n$$\n```", "math_block"), []));
});
