import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {inWords, isLoadFailure} from "../../src/components/load-failure.js";

describe("a part of the page that could not be fetched", () => {
  const url = "http://course.example/_import/components/figure-download.1a2b3c.js";
  for (const text of [
    `Failed to fetch dynamically imported module: ${url}`,
    `error loading dynamically imported module: ${url}`,
    "Importing a module script failed.",
    `Uncaught TypeError: Failed to fetch dynamically imported module: ${url}`
  ])
    it(`is said in words where the browser says “${text.slice(0, 30)} …”`, () => {
      assert.equal(isLoadFailure(text), true);
      assert.match(inWords(text), /^A part of this page could not be loaded: is there a connection\? Try again/);
      assert.match(
        inWords(`Not drawn: ${text} The picture stays.`),
        /^Not drawn: A part .* one\. The picture stays\.$/
      );
    });

  it("leaves every other sentence as it is", () => {
    for (const text of ["The loss is NaN.", "The digits could not be loaded (404).", ""]) {
      assert.equal(isLoadFailure(text), false);
      assert.equal(inWords(text), text);
    }
  });
});
