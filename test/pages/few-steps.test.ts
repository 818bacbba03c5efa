import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {openChapter} from "./chapter.js";

const {page, figure} = await openChapter("few-steps.html");

describe("the chapter of the steps", () => {
  const says = async (name: string, text: string) => {
    await figure(name).root.scrollIntoViewIfNeeded();
    return figure(name).says(text);
  };

  it("draws each list on the axis, the reader’s too, with a smaller error for quadratic steps", async () => {
    const text = await says("step-lists", "your list 0");
    const [, even, quadratic] = text.match(/trailing ([\d.]+),.*quadratic \(the paper’s\) ([\d.]+),/)!;
    assert.ok(Number(quadratic) < 0.75 * Number(even), `quadratic ${quadratic}, trailing ${even}`);
    const rows = figure("step-lists").root.locator("svg");
    assert.equal(await rows.count(), 7); // five rules, the own list and the axis
    for (let k = 0; k < 5; ++k) assert.equal(await rows.nth(k).locator("circle").count(), 10);
  });

  it("puts the largest error of even steps near the data", async () => {
    const text = await says("step-errors", "quadratic: the largest");
    const [, rho] = text.match(/trailing: the largest error of a step is [\d.]+, at ρ = ([\d.]+)/)!;
    assert.ok(Number(rho) < 1.5, `it is at ρ = ${rho}`);
  });

  it("measures the orders 1, 2 and 2, with the step of the page", async () => {
    const text = await says("solver-order", "Order from");
    const orders = [...text.matchAll(/(?:DDIM|2M|Heun) (\d\.\d+)[,.]/g)].slice(0, 3).map(([, order]) => Number(order));
    [1, 2, 2].forEach((order, k) => assert.ok(Math.abs(orders[k] - order) < 0.2, `orders ${orders.join(", ")}`));
  });

  it("sees the second order lost on the leading list", async () => {
    await figure("solver-order").choose("levels", "leading");
    await page.waitForFunction(
      () => /2M 0\.[45]/.test(document.querySelector("#fig-solver-order [role=status]")!.textContent!),
      undefined,
      {timeout: 20_000}
    );
    const [, ddim, second] = (await figure("solver-order").said()).match(/at S = 10: DDIM ([\d.]+), 2M ([\d.]+)/)!;
    assert.ok(Number(second) > 3 * Number(ddim), `2M ${second}, DDIM ${ddim}`);
  });
});
