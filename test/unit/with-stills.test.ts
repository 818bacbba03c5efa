import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Stills} from "../../tools/with-stills.js";
import {withStills} from "../../tools/with-stills.js";

const stills: Stills = {
  values: {"a/b.html": {abc1: "3.26 &lt; 4", abc2: "<table><tr><td>1</td></tr></table>"}},
  figures: {"fig-a": {width: 640, height: 320, text: 'exact. Says "hello"'}}
};
const main = '<main id="observablehq-main" class="observablehq">';
const loading = "<observablehq-loading></observablehq-loading>";
const block = '<div class="observablehq observablehq--block">';
const fill = (html: string, name = "a/b.html") => withStills(html, {name, up: "../", stills});

describe("withStills", () => {
  it("puts a recorded value before its place, for readers without JavaScript", () => {
    const html = fill(`${main}<p>It is ${loading}<!--:abc1:-->.</p>`);
    assert.ok(html.includes(`It is <noscript>3.26 &lt; 4</noscript>${loading}<!--:abc1:-->.`), html);
  });

  it("knows a value that stands in the page again", () => {
    assert.ok(fill(`${main}<p>${loading}<!--:abc1-2:--></p>`).includes(`<noscript>3.26 &lt; 4</noscript>${loading}`));
  });

  it("puts a recorded table where a cell will show it", () => {
    const html = fill(`${main}${block}<!--:abc2:--></div>`);
    assert.ok(html.includes(`${block}<noscript><table>`), html);
  });

  it("puts a figure's picture into it, with its live text, by an address from the page's folder", () => {
    const html = fill(`${main}<figure id="fig-a">\n${block}<!--:abc9:--></div></figure>`);
    const image =
      '<noscript><img class="still" loading="lazy" src="../_stills/fig-a.webp" width="640" height="320" alt="Recorded. exact. Says &#34;hello&#34;"></noscript>';
    assert.ok(html.includes(`<figure id="fig-a">\n${image}`), html);
  });

  it("says at the top of such a page what is recorded, and leaves a page without anything alone", () => {
    assert.match(fill(`${main}<figure id="fig-a"></figure>`), /^<main[^>]*>\n<noscript>.*recorded pictures/);
    const plain = `${main}<p>${loading}<!--:abc1:--></p>`;
    assert.equal(fill(plain, "other.html"), plain);
  });
});
