import assert from "node:assert/strict";
import {afterEach, describe, it} from "node:test";
import {applyChoice, nextChoice, readChoice} from "../../src/components/theme-switch.js";

const storage = (getItem: (key: string) => string | null) =>
  Object.defineProperty(globalThis, "localStorage", {value: {getItem}, configurable: true});

describe("theme-switch", () => {
  afterEach(() => void Reflect.deleteProperty(globalThis, "localStorage"));

  it("reads what was stored, and takes all else for auto", () => {
    storage((key) => (key === "theme" ? "dark" : null));
    assert.equal(readChoice(), "dark");
    for (const stored of [null, "", "blue", "auto"]) {
      storage(() => stored);
      assert.equal(readChoice(), "auto");
    }
  });

  it("is auto where storage is forbidden", () => {
    storage(() => {
      throw new Error("SecurityError");
    });
    assert.equal(readChoice(), "auto");
  });

  it("goes round through all three choices", () => {
    assert.deepEqual(
      ["auto", "light", "dark"].map((choice) => nextChoice(choice as "auto")),
      ["light", "dark", "auto"]
    );
  });

  it("leaves the system's theme alone for auto", () => {
    const root = {dataset: {}} as HTMLElement;
    applyChoice("dark", root);
    assert.deepEqual({...root.dataset}, {theme: "dark"});
    applyChoice("auto", root);
    assert.deepEqual({...root.dataset}, {});
  });
});
