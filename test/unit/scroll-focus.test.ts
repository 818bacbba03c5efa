import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {markScrolling} from "../../src/components/scroll-focus.js";

describe("markScrolling", () => {
  /** As much of an element as it takes. */
  function fake(localName: string, ...classes: string[]) {
    const attributes = new Map<string, string>();
    return {
      localName,
      classList: {contains: (word: string) => classes.includes(word)},
      scrollWidth: 400,
      clientWidth: 300,
      attributes,
      setAttribute: (name: string, value: string) => void attributes.set(name, value),
      removeAttribute: (name: string) => void attributes.delete(name),
      toggleAttribute: (name: string, on: boolean) => void (on ? attributes.set(name, "") : attributes.delete(name))
    };
  }

  it("makes an element a stop of the Tab key only while it scrolls, and has it scroll no more while it is none", () => {
    const element = fake("div");
    markScrolling([element as unknown as HTMLElement]);
    assert.deepEqual([...element.attributes], [["tabindex", "0"]]);
    element.clientWidth = 400;
    markScrolling([element as unknown as HTMLElement]);
    assert.deepEqual([...element.attributes], [["data-fits", ""]]);
  });

  it("names the formulas and the code that scroll, and only these", () => {
    for (const [element, name] of [
      [fake("span", "katex-display"), "Formula"],
      [fake("pre"), "Code"]
    ] as const) {
      markScrolling([element as unknown as HTMLElement]);
      assert.deepEqual(Object.fromEntries(element.attributes), {tabindex: "0", role: "group", "aria-label": name});
      element.clientWidth = 400;
      markScrolling([element as unknown as HTMLElement]);
      assert.deepEqual([...element.attributes], [["data-fits", ""]]);
    }
  });

  it("measures all before it changes one, so that the page is laid out once", () => {
    const calls: string[] = [];
    const element = (name: string) => ({
      ...fake("div"),
      get scrollWidth() {
        calls.push(`measure ${name}`);
        return 400;
      },
      setAttribute: () => calls.push(`mark ${name}`)
    });
    markScrolling([element("a"), element("b")] as unknown as HTMLElement[]);
    assert.deepEqual(calls, ["measure a", "measure b", "mark a", "mark b"]);
  });

  it("overlooks a pixel, which rounding makes", () => {
    const element = {...fake("div"), scrollWidth: 301};
    markScrolling([element as unknown as HTMLElement]);
    assert.deepEqual([...element.attributes], [["data-fits", ""]]);
  });
});
