import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {contentPolicy, withPolicy} from "../../tools/content-policy.js";
import {headerFiles, hostHeaders} from "../../tools/host-headers.js";
import {htmlText} from "../../tools/html.js";
import {framePage} from "../../tools/page-frame.js";
import {frameworkPage} from "./framework-page.js";

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policyOf = (html: string) => htmlText(/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]);
const directive = (policy: string, name: string) => policy.split("; ").find((part) => part.startsWith(`${name} `));

describe("the policy of a page", () => {
  const page = framePage(frameworkPage({main: "<p>Text.</p><script>go()</script>"}), {path: "/a/b"});
  const policy = policyOf(page);

  it("stands before all that it is to hold, and the script that narrows it to the site's folder is next", () => {
    const head = page.slice(page.indexOf("<head>") + "<head>".length);
    assert.match(head, /^\s*<meta charset="utf-8">\s*<meta http-equiv="Content-Security-Policy" /);
    assert.equal(
      /<(script|style|link|body)\b[^>]*>/.exec(head)![0],
      "<script>",
      "something is loaded before the guard"
    );
    assert.match(page, /const base = new URL\("\.\.\/", location\.href\)\.href;/);
  });

  it("lets each script run that stands in the page, by its hash, and no other", () => {
    const scripts = Array.from(page.matchAll(/<script(?: type="module")?>([^]*?)<\/script>/g), ([, text]) => text);
    assert.ok(scripts.includes("go()") && scripts.length >= 3, `there are ${scripts.length} scripts`);
    const allowed = directive(policy, "script-src")!.split(" ").slice(1);
    assert.deepEqual(allowed, ["'self'", "'wasm-unsafe-eval'", ...scripts.map(hashOf)]);
  });

  it("is that of the scripts as they are served, also where these are made smaller", () => {
    const small = framePage(frameworkPage({main: "<script>go ( 1 + 1 ) // two</script>"}), {path: "/a", minify: true});
    assert.match(small, /<script>go\(2\);?<\/script>/);
    const scripts = Array.from(small.matchAll(/<script>([^]*?)<\/script>/g), ([, text]) => text);
    assert.deepEqual(directive(policyOf(small), "script-src")!.split(" ").slice(3), scripts.map(hashOf));
  });

  it("lets code be made from text only where there are cells to edit", () => {
    const edited = contentPolicy('<live-cell name="a"></live-cell>');
    assert.match(directive(edited, "script-src")!, / 'unsafe-eval'/);
    assert.doesNotMatch(policy, /'unsafe-eval'/);
  });

  it("forbids what is not named, and names no other host", () => {
    assert.equal(directive(policy, "default-src"), "default-src 'none'");
    assert.equal(directive(policy, "worker-src"), "worker-src 'self' blob:");
    assert.doesNotMatch(policy, /https?:|\*|strict-dynamic/);
    for (const name of ["frame-src", "object-src", "base-uri", "form-action"])
      assert.equal(directive(policy, name), `${name} 'none'`);
  });

  it("fails loudly where the page has no place for it", () => {
    assert.throws(() => withPolicy("<html><head></head></html>", "./"), /meta charset/);
  });
});

describe("the headers for hosts", () => {
  it("are the same in each file, and in what SECURITY.md says for nginx and Apache", () => {
    const files = headerFiles();
    const said = readFileSync("SECURITY.md", "utf8");
    const vercel = (JSON.parse(files["vercel.json"]) as {headers: {headers: {key: string; value: string}[]}[]}).headers;
    for (const [key, value] of Object.entries(hostHeaders)) {
      assert.ok(files._headers.includes(`\n  ${key}: ${value}\n`), `_headers lacks ${key}`);
      assert.ok(
        vercel[0].headers.some((pair) => pair.key === key && pair.value === value),
        `vercel.json lacks ${key}`
      );
      assert.ok(said.includes(`add_header ${key} "${value}" always;`), `SECURITY.md lacks ${key} for nginx`);
      assert.ok(said.includes(`Header always set ${key} "${value}"`), `SECURITY.md lacks ${key} for Apache`);
    }
  });

  it("leave it to the host who may show the pages in a frame", () => {
    assert.doesNotMatch(JSON.stringify(hostHeaders), /frame-ancestors|X-Frame-Options|Opener-Policy/i);
  });
});
