import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import {siteConfig} from "../../tools/site.js";

const {md} = normalizeConfig(siteConfig());

const render = (source: string) => md.render(source, {path: "/index", code: []}) as string;

describe("numbers in the text", () => {
  it("stay on one line around a sign of multiplication and before their spread", () => {
    assert.match(
      render("On 28 × 28 pixels it is 0.84 ± 0.02."),
      /28\u00a0×\u00a028 pixels it is 0\.84\u00a0±\u00a00\.02/
    );
  });

  it("and signs between words, in code and in headings are left as they are", () => {
    assert.match(render("mean ± deviation"), /mean ± deviation/);
    assert.match(render("`2 × 2`"), /2 × 2/);
    assert.match(render("## Of 2 × 2"), /Of 2 × 2/);
  });
});
