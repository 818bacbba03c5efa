import assert from "node:assert/strict";
import {readFileSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {describe, it} from "node:test";
import {macros} from "../../tools/macros.js";

const read = (name: string) => readFileSync(join("src", name), "utf8");
const notation = read("notation.md");
const pages = readdirSync("src").filter((name) => name.endsWith(".md") && name !== "notation.md");

/** The text of a page without its code. */
function prose(text: string): string {
  return text
    .replace(/^(`{3,})[^]*?^\1\s*$/gm, "")
    .replace(/`[^`\n]*`/g, "")
    .replace(/\$\{[^}]*\}/g, "")
    .replace(/\]\([^)]*\)/g, "]")
    .replace(/<[^>]*>/g, "");
}

function formulas(text: string): string[] {
  const plain = text.replace(/^(`{3,})[^]*?^\1\s*$/gm, "").replace(/\$\{[^}]*\}/g, "");
  return [...plain.matchAll(/\$\$([^]*?)\$\$|\$([^$\n]+)\$/g)].map(([, block, inline]) => block ?? inline);
}

describe("the page of notation", () => {
  it("has every macro of the site", () => {
    assert.deepEqual(
      Object.keys(macros).filter((macro) => !["\\prev", "\\dd"].includes(macro) && !notation.includes(macro)),
      []
    );
  });

  it("has every Greek letter that a formula of the site uses", () => {
    const greek =
      /\\(?:alpha|beta|eta|theta|lambda|mu|rho|sigma|tau|epsilon|varepsilon|Sigma|phi|psi|omega|gamma|kappa|xi|zeta|nu|chi)\b/g;
    const local = new Set(["\\phi", "\\kappa"]); // used and explained in one place
    const letters = new Set(pages.flatMap((name) => formulas(read(name)).flatMap((tex) => tex.match(greek) ?? [])));
    const known = [...letters].filter((letter) => notation.includes(letter) || local.has(letter));
    assert.deepEqual(
      [...letters].filter((letter) => !known.includes(letter)),
      []
    );
    assert.ok(letters.size > 5, "no letters were found");
  });

  it("names the product of the alphas by one macro everywhere", () => {
    const wrong = pages.filter((name) => /\\bar\{?\\alpha/.test(read(name)));
    assert.deepEqual(wrong, []);
  });
});

describe("the words of the course", () => {
  const rows = [...notation.slice(notation.indexOf("## Words")).matchAll(/^\|([^|]+)\|[^|]*\|([^|]*)\|$/gm)];
  const refused = rows
    .flatMap(([, word, not]) =>
      not
        .trim()
        .split(", ")
        .map((other) => [word.trim(), other.trim()] as const)
    )
    .filter(([, other]) => other && !/^(not|-+)$/.test(other));

  it("are a list with what is not written", () => {
    assert.ok(refused.length >= 8, `there are ${refused.length}`);
    assert.ok(
      refused.some(([word, other]) => word === "data set" && other === "dataset"),
      "data set is not in it"
    );
  });

  for (const name of pages)
    it(`${name} writes them in one way`, () => {
      const text = prose(read(name));
      const found = refused.filter(([, other]) => new RegExp(`\\b${other}\\b`).test(text));
      assert.deepEqual(
        found.map(([word, other]) => `“${other}” for “${word}”`),
        []
      );
    });
});
