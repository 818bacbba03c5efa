import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {isTfjs, patience, trainPage} from "./train-page.js";

const visit = await trainPage();

describe("the chapter that trains", () => {
  it("shows a recorded run at first, with samples, loss and field, and asks for no tfjs", () =>
    visit(async ({root, says, losses}, page) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.reload();
      await says(/This is a recording/);
      assert.match((await root.locator(".badge").textContent())!, /^recorded: \d+ steps on \w+$/);
      await root.locator('canvas[aria-label*="learned"]').waitFor();
      const [first, last] = await losses();
      assert.ok(last < first);
      assert.match((await root.locator(".reading-value").first().textContent())!, /^\d\.\d+ ×$/);
      assert.ok(
        asked.some((url) => url.includes("/train-figure.")),
        "the requests were watched"
      );
      assert.deepEqual(asked.filter(isTfjs), []);
    }));

  // Over six seeds of weights and draws the smoothed loss went from 0.78–0.85 to 0.28–0.31 in 20 steps, and to 0.49–0.57
  // in 10. Without a graphics card a step on WebGPU takes seconds where the machine is busy. On WebGL: see below.
  it("trains on webgpu until the loss is below 0.62, and says how fast", () =>
    visit(async ({root, choose, enter, press, says, losses}) => {
      await choose("schedule", "linear");
      await choose("prediction", "epsilon");
      await choose("backend", "webgpu");
      await enter("training steps", 10);
      await enter("steps", 5);
      await press("Train");
      assert.match(await says(/^Done/), /^Done: 10 steps on our WebGPU shaders, [\d.]+ steps\/s\./);
      assert.equal(await root.locator(".badge").textContent(), "trained here: 10 steps on our WebGPU shaders");
      const [first, last] = await losses();
      assert.ok(first > 0.7 && last < 0.62, `the loss went from ${first} to ${last}`);
      await root.locator('canvas[aria-label^="500 samples after 10 training steps"]').waitFor();
    }));

  it("stops, goes on where it was, and begins anew with the same first loss", () =>
    visit(async ({root, choose, enter, press, says, losses, step}, page) => {
      await enter("training steps", 4000);
      await press("Train");
      await says(/step [1-9]\d+ of 4000, [\d.]+ steps\/s, .* left/);
      await press("Stop");
      await says(/^Stopped at step \d+ of 4000. Train goes on from here/);
      const [stopped, [first]] = [await step(), await losses()];
      await page.waitForTimeout(1500);
      assert.equal(await step(), stopped, "nothing runs after Stop");
      assert.equal(await root.getByRole("button", {name: "Stop"}).isDisabled(), true);
      await press("Train");
      await says(/^Training/);
      for (let now = stopped; now <= stopped; now = await step()) await page.waitForTimeout(200);
      assert.ok((await step()) < stopped + 2000, "it did not begin anew");
      assert.equal((await losses())[0], first);
      await press("Reset");
      await says(/from the first weights/);
      await press("Train");
      await says(/step [1-9]\d* of 4000/);
      assert.equal((await losses())[0], first, "the first weights and draws are the same");
      await press("Stop");
      await says(/^Stopped/);
      await choose("prediction", "x0");
      await says(/Train starts afresh/);
    }));

  it("waits while it is out of view", () =>
    visit(async ({press, says, step}, page) => {
      await press("Train");
      await says(/^Training .* step [1-9]/);
      await page.evaluate(() => scrollTo({top: document.body.scrollHeight, behavior: "instant"}));
      await says(/^Waiting at step \d+ of \d+, because the figure is out of view/);
      const waiting = await step();
      await page.waitForTimeout(1500);
      assert.equal(await step(), waiting);
      await page.evaluate(() => scrollTo({top: 0, behavior: "instant"}));
      await says(/^Training/);
      for (let now = waiting; now <= waiting; now = await step()) await page.waitForTimeout(200);
    }));

  it("refuses more sampling steps than there are timesteps, keeps the samples, and offers what works", () =>
    visit(async ({root, alert, enter, press, says}) => {
      await says(/recording/);
      await enter("steps", 1200);
      assert.match((await alert.textContent())!, /steps is 1200.*1000.*The samples stay those of 20 steps/);
      await press("Back to 20");
      assert.equal(await alert.isVisible(), false);
      await enter("steps", 0);
      assert.match((await alert.textContent())!, /steps is 0/);
      await press("Use 1");
      await says(/now made in 1 step/);
      await root.locator('canvas[aria-label^="500 samples after"]').waitFor();
      assert.equal(await root.getByRole("spinbutton", {name: "steps, as a number", exact: true}).inputValue(), "1");
    }));

  it("takes a drawing by pointer or by keys, and says when it has too few points", () =>
    visit(async ({root, alert, choose, press, says}, page) => {
      await choose("data", "drawn");
      const board = root.getByRole("img", {name: /^Drawing board/});
      await board.focus();
      await page.keyboard.press("Space");
      for (let k = 0; k < 4; ++k) await page.keyboard.press("Shift+ArrowRight");
      await board.and(root.locator('[aria-label*="with 5 points"]')).waitFor();
      await press("Use this drawing");
      assert.match((await alert.textContent())!, /5 different points, and 20 are needed.*data stay “Ring of eight”/);
      await press("Keep drawing");
      assert.equal(await alert.isVisible(), false);
      const {x, y, width} = (await board.boundingBox())!;
      await page.mouse.move(x + 0.2 * width, y + 0.3 * width);
      await page.mouse.down();
      await page.mouse.move(x + 0.8 * width, y + 0.3 * width, {steps: 4});
      await page.mouse.move(x + 0.5 * width, y + 0.8 * width, {steps: 4});
      await page.mouse.up();
      await press("Use this drawing");
      await says(/Press Train to train on “Your drawing”/);
      await press("Clear");
      await press("Use this drawing");
      assert.match((await alert.textContent())!, /0 different points.*data stay “Your drawing”/);
      await press("Train");
      await says(/^Training .* step [1-9]/);
      await press("Stop");
      await says(/^Stopped/);
    }));

  it("puts the last good weights back when the loss becomes NaN, and goes on with a smaller rate", () =>
    visit(async ({alert, enter, press, says, losses, root}) => {
      await enter("training steps", 30);
      await enter("learning rate", 0);
      assert.match((await alert.textContent())!, /learning rate is 0.*above 0/);
      await enter("learning rate", 1e5);
      await press("Train");
      await alert
        .filter({hasText: /The loss became (NaN|Infinity).*weights of step 0 are back/})
        .waitFor({timeout: patience});
      await says(/^Stopped at step 0/);
      await press("Go on at 0.001");
      await says(/^Done: 30 steps/);
      const [first, last] = await losses();
      assert.ok(first < 0.9 && last < 0.9, `the loss went from ${first} to ${last}`);
      assert.equal(await alert.isVisible(), false);
      assert.equal(await root.getByRole("spinbutton", {name: "learning rate, as a number"}).inputValue(), "0.001");
    }));

  it("falls to the next backend when the chosen one is missing, and says why", () =>
    visit(async ({root, choose, enter, press, says}) => {
      await choose("backend", "webgpu");
      await enter("training steps", 2);
      await enter("steps", 1);
      await press("Train");
      assert.match(await says(/^Done/), /2 steps on webgl/);
      await root.getByText(/webgpu does not start: this browser has no WebGPU.*running on webgl/).waitFor();
    }, "delete Navigator.prototype.gpu"));

  it("trains on webgl until the loss is below 0.35, and goes on from a copy when the graphics card is lost", () =>
    visit(async ({root, choose, enter, press, says, losses}, page) => {
      await choose("schedule", "linear");
      await choose("prediction", "epsilon");
      await choose("backend", "webgl");
      await enter("training steps", 24);
      await enter("steps", 5);
      await press("Train");
      await says(/^Training on webgl: step [1-9]/);
      const lost = await page.evaluate(() => {
        const {contexts} = window as unknown as {contexts: WebGL2RenderingContext[]};
        const living = contexts.filter((context) => !context.isContextLost());
        for (const context of living) context.getExtension("WEBGL_lose_context")!.loseContext();
        return living.length;
      });
      assert.ok(lost > 0);
      await root.getByText(/The graphics card stopped webgl; going on from step \d+/).waitFor({timeout: patience});
      assert.match(await says(/^Done/), /^Done: 24 steps on webgl, [\d.]+ steps\/s\./);
      assert.equal(await root.locator(".badge").textContent(), "trained here: 24 steps on webgl");
      const [first, last] = await losses();
      assert.ok(first > 0.7 && last < 0.35, `the loss went from ${first} to ${last}`);
      await root.locator('canvas[aria-label^="500 samples after 24 training steps"]').waitFor();
    }, keepContexts));

  it("counts as many weights as the network of the library has", () =>
    visit(async (_, page) => {
      const {createPointNetwork} = await import("../../lib/point-network.js");
      const {useBackend} = await import("../../lib/tf.js");
      await useBackend("cpu");
      const network = createPointNetwork();
      const count = network.variables.reduce((sum, {size}) => sum + size, 0);
      network.dispose();
      await page
        .getByText(String(count), {exact: true})
        .or(page.getByText(count.toLocaleString("en")))
        .first()
        .waitFor();
    }));
});

// Run before the page's own code: keeps every WebGL context that it makes, for the test to lose.
const keepContexts = `
  globalThis.contexts = [];
  for (const {prototype} of [HTMLCanvasElement, OffscreenCanvas]) {
    const {getContext} = prototype;
    prototype.getContext = function (kind, ...rest) {
      const context = getContext.call(this, kind, ...rest);
      if (kind === "webgl2" && context) contexts.push(context);
      return context;
    };
  }
`;
