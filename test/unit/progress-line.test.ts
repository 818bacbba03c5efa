import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {progressLine} from "../../data/progress-line.js";

function record(isTTY: boolean) {
  let written = "";
  const line = progressLine({isTTY, write: (text) => (written += text)});
  return {line, written: () => written};
}

describe("progressLine", () => {
  it("writes over itself in a terminal, and leaves only the last text", () => {
    const {line, written} = record(true);
    line.update("1 of 10");
    line.end("done");
    assert.equal(written(), `\r1 of 10\r${" ".repeat(7)}\rdone\n`);
  });

  it("ends the line in a terminal when there is nothing to say, so that an error stands under it", () => {
    const {line, written} = record(true);
    line.update("1 of 10");
    line.end();
    assert.equal(written(), "\r1 of 10\n");
  });

  it("does not write more often than the eye follows", () => {
    const {line, written} = record(true);
    for (let i = 0; i < 1000; ++i) line.update(`${i} of 1000`);
    assert.ok(written().split("\r").length < 100, `it wrote ${written().split("\r").length} times`);
  });

  it("writes the first text and the last into a log", () => {
    const {line, written} = record(false);
    for (const text of ["1 of 10", "2 of 10"]) line.update(text);
    line.end("done");
    assert.equal(written(), "1 of 10\ndone\n");
  });

  it("writes nothing when nothing went on", () => {
    for (const isTTY of [true, false]) {
      const {line, written} = record(isTTY);
      line.end();
      assert.equal(written(), "");
    }
  });
});
