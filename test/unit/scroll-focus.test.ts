import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {markScrolling} from "../../src/components/scroll-focus.js";

describe("markScrolling", () => {
  it("makes an element a stop of the Tab key only while it scrolls", () => {
    const element = {
      scrollWidth: 400,
      clientWidth: 300,
      tabIndex: -1,
      removeAttribute(name: string) {
        if (name === "tabindex") this.tabIndex = -1;
      }
    };
    markScrolling([element as unknown as HTMLElement]);
    assert.equal(element.tabIndex, 0);
    element.clientWidth = 400;
    markScrolling([element as unknown as HTMLElement]);
    assert.equal(element.tabIndex, -1);
  });

  it("measures all before it changes one, so that the page is laid out once", () => {
    const calls: string[] = [];
    const element = (name: string) => ({
      get scrollWidth() {
        calls.push(`measure ${name}`);
        return 400;
      },
      clientWidth: 300,
      set tabIndex(_: number) {
        calls.push(`mark ${name}`);
      }
    });
    markScrolling([element("a"), element("b")] as unknown as HTMLElement[]);
    assert.deepEqual(calls, ["measure a", "measure b", "mark a", "mark b"]);
  });

  it("overlooks a pixel, which rounding makes", () => {
    const element = {scrollWidth: 301, clientWidth: 300, tabIndex: -1, removeAttribute() {}};
    markScrolling([element as unknown as HTMLElement]);
    assert.equal(element.tabIndex, -1);
  });
});
