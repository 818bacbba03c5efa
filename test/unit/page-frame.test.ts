import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {framePage} from "../../tools/page-frame.js";
import {frameworkPage as page} from "./framework-page.js";

describe("framePage", () => {
  const framed = framePage(page(), {path: "/ddim"});

  it("gives the page a language, and does not block zooming", () => {
    assert.match(framed, /<html lang="en"[ >]/);
    assert.match(framed, /content="width=device-width, initial-scale=1">/);
  });

  it("puts a link past the sidebar before all else that takes the focus", () => {
    const focusable = /<(?:a|button|input)\b[^>]*>/.exec(framed.slice(framed.indexOf("<body>")))![0];
    assert.equal(focusable, '<a class="skip-link" href="#observablehq-main">');
    assert.match(framed, /<main id="observablehq-main" tabindex="-1"/);
  });

  it("applies the stored theme before the style sheet and the text", () => {
    assert.match(framed, /<script>\s*\{\s*let theme;[^]*dataset\.theme = theme[^]*<\/head>/);
    assert.match(framed, /<button type="button" id="theme-switch"/);
  });

  it("notes that the page's own module has started, and watches for that before any module is asked for", () => {
    const module = '<script type="module">\n\nimport {define} from "./client.js";\n\ndefine({});\n\n</script>';
    const html = framePage(page().replace("</head>", `<link rel="modulepreload" href="./client.js">${module}</head>`), {
      path: "/ddim"
    });
    assert.match(html, /define\(\{\}\);\s*document\.documentElement\.dataset\.started = "";[^<]*<\/script>/);
    assert.ok(
      html.indexOf("start-fault") < html.indexOf('<link rel="modulepreload"'),
      "a failure could come before the watch"
    );
    assert.equal(html.match(/dataset\.started = /g)?.length, 1);
  });

  it("says where the reader is", () => {
    assert.match(framed, /link-active"><a aria-current="page" href="\.\/ddim\.html">/);
    assert.match(framed, /<nav id="observablehq-sidebar" aria-label="Chapters">/);
  });

  it("describes the page by its first paragraph, cut at a word", () => {
    assert.match(framed, /<meta name="description" content="First\. Then\.">/);
    const long = framePage(page({main: `<figure></figure><p class="lede">${"word &amp; ".repeat(99)}</p>`}), {
      path: "/x"
    });
    const text = /<meta name="description" content="([^"]*)">/.exec(long)![1].replaceAll("&#38;", "&");
    assert.ok(text.length <= 301 && /(word|&)…$/.test(text), text);
  });

  it("links to KaTeX's style sheet from where the page is, if it has a formula", () => {
    const main = '<p><span class="katex">x</span></p>';
    assert.match(framePage(page({main}), {path: "/a/b"}), /href="\.\.\/katex-[\d.]+\/katex\.min\.css"/);
    assert.match(framePage(page(), {path: "/ddim", preview: true}), /href="\.\/katex-[\d.]+\/katex\.min\.css"/);
    assert.ok(!framed.includes("katex"));
  });

  it("lets modules come after the text and its letters", () => {
    const head = '<link rel="modulepreload" href="./a.js"><link rel="modulepreload" href="./b.js">';
    const html = framePage(page().replace("</head>", `${head}</head>`), {path: "/ddim"});
    assert.equal(html.match(/<link rel="modulepreload" fetchpriority="low" href="\.\/[ab]\.js">/g)?.length, 2);
  });

  it("shows formulas of headings in the table of contents as they are in the headings", () => {
    const content = 'The dial <span class="katex"><span class="katex-mathml">η</span></span>';
    const main = `<h2 id="dial" tabindex="-1"><a class="observablehq-header-anchor" href="#dial">${content}</a></h2>`;
    const toc = '<li class="observablehq-secondary-link"><a href="#dial">The dial</a></li>';
    assert.ok(framePage(page({main, toc}), {path: "/ddim"}).includes(`<a href="#dial">${content}</a></li>`));
  });

  it("fails when Framework writes something else", () => {
    assert.throws(() => framePage(page().replace(", maximum-scale=1", ""), {path: "/ddim"}), /\/ddim: .*maximum-scale/);
  });
});
