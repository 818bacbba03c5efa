import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {decodeHtml, escapeHtml, htmlParts, htmlText} from "../../tools/html.js";

describe("htmlParts", () => {
  const names = (html: string) => Array.from(htmlParts(html), (part) => (part.type === "text" ? part.text : part.name));

  it("yields tags and texts in order, without comments", () => {
    assert.deepEqual(names("<!DOCTYPE html><p>a<!-- <b> --><br>b</p>"), ["p", "a", "br", "b", "p"]);
  });

  it("reads attributes of every kind, and decodes them", () => {
    const [part] = htmlParts(`<a href="x?a=1&amp;b=2" title='a "b" > c' data-x=1 hidden>`);
    assert.ok(part.type === "open");
    assert.deepEqual(part.attributes, {href: "x?a=1&b=2", title: 'a "b" > c', "data-x": "1", hidden: ""});
  });

  it("does not look for tags in scripts and style sheets", () => {
    const html = `<script>if (a<b) "</p>";</script><style>p>a{}</style><p>`;
    assert.deepEqual(names(html), ["script", 'if (a<b) "</p>";', "script", "style", "p>a{}", "style", "p"]);
  });

  it("covers the source: the parts of a text without comments, put together, are the text", () => {
    const piece = fc.constantFrom("<p>", "</p>", "<br>", '<a href="/x">', "a", " < ", "&amp;", "\n", '<i title="a>b">');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const html = pieces.join("");
        assert.equal(Array.from(htmlParts(html), ({start, end}) => html.slice(start, end)).join(""), html);
      })
    );
  });
});

describe("escapeHtml", () => {
  it("makes of any text HTML that stands for it", () => {
    fc.assert(fc.property(fc.string({unit: "grapheme"}), (text) => assert.equal(decodeHtml(escapeHtml(text)), text)));
    assert.equal(escapeHtml(`<a b="&">`), "&#60;a b=&#34;&#38;&#34;&#62;");
  });
});

describe("htmlText", () => {
  it("is what a reader reads, with a formula once", () => {
    const formula =
      '<span class="katex"><span class="katex-mathml"><math><semantics><mi>x</mi>' +
      '<annotation encoding="application/x-tex">x</annotation></semantics></math></span>' +
      '<span class="katex-html" aria-hidden="true"><span class="base">x<br></span></span></span>';
    assert.equal(htmlText(`<b>Take</b> ${formula}\n and<br> &lt;go&gt;.<script>1</script>`), "Take x and <go>.");
  });
});
