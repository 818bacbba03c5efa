import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {isTfjs, patience, trainPage} from "./train-page.js";

const visit = await trainPage();

/** Lets the software adapter pass for a graphics card. */
const likeCard = `Object.defineProperty(GPUAdapterInfo.prototype, "isFallbackAdapter", {get: () => false})`;

/** Keeps the devices that the page asks for, to be lost. */
const keepDevices = `
  const {requestDevice} = GPUAdapter.prototype;
  globalThis.devices = [];
  GPUAdapter.prototype.requestDevice = async function (...asked) {
    const device = await requestDevice.apply(this, asked);
    devices.push(device);
    return device;
  };`;

describe("training points on our WebGPU shaders", () => {
  it("measures them beside our kernels where there is a card, takes the faster, and says so", () =>
    visit(async ({root, enter, press, says}, page) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await enter("training steps", 50);
      await press("Train");
      // This card is software, on the core that the kernels run on.
      await says(/^Done: 50 steps on our kernels/);
      await root
        .getByText(/^Our kernels are the fastest here, with .* steps a second; our WebGPU shaders make/)
        .waitFor();
      const options = await root.getByRole("combobox", {name: "backend"}).locator("option").allTextContents();
      assert.match(options.join("; "), /our kernels, [\d.]+ steps\/s; WebGPU, [\d.]+ steps\/s; WebGL;/);
      assert.ok(asked.some(isTfjs), "it was measured on tfjs's device");
    }, likeCard));

  it("trains on them where they are faster, or the only ones that start", () =>
    visit(async ({root, enter, press, says}) => {
      await enter("training steps", 5);
      await enter("steps", 1);
      await press("Train");
      await says(/^Done: 5 steps on our WebGPU shaders/);
      await root
        .getByText(/^Our WebGPU shaders are the fastest here, with .* steps a second; our kernels do not start: Worker/)
        .waitFor();
      assert.equal(await root.locator(".badge").textContent(), "trained here: 5 steps on our WebGPU shaders");
    }, `${likeCard}; delete globalThis.Worker`));

  it("goes on with our kernels from a copy when the card is lost", () =>
    visit(async ({root, choose, enter, press, says, losses}, page) => {
      await choose("backend", "webgpu");
      await enter("training steps", 60);
      await enter("steps", 2);
      await press("Train");
      await says(/^Training on our WebGPU shaders: step [1-9]/);
      const lost = await page.evaluate(() => {
        const {devices} = globalThis as unknown as {devices: GPUDevice[]};
        for (const device of devices) device.destroy();
        return devices.length;
      });
      assert.ok(lost > 0, "there was a device");
      await root
        .getByText(/The graphics card stopped WebGPU; our kernels go on from step \d+/)
        .waitFor({timeout: patience});
      await says(/^Done: 60 steps on our kernels/);
      const [first, last] = await losses();
      assert.ok(last < first && last > 0.5, `the loss went from ${first} to ${last}`);
      await root.locator('canvas[aria-label^="500 samples after 60 training steps"]').waitFor();
    }, keepDevices));

  it("goes on where it was, in tfjs's own operations, once a cell is edited", () =>
    visit(async ({root, choose, enter, press, says, step}, page) => {
      await choose("backend", "webgpu");
      await enter("training steps", 500);
      await enter("steps", 2);
      await press("Train");
      await says(/^Training on our WebGPU shaders: step [1-9]/);
      await press("Stop");
      await says(/^Stopped/);
      const stopped = await step();
      const cell = page.locator('live-cell[name="optimizer"]');
      await cell.locator("pre").first().click();
      await cell.getByRole("textbox").focus();
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.insertText(" // mine");
      await page.keyboard.press("Shift+Enter");
      await says(/Train goes on from here with the new code/);
      await root.scrollIntoViewIfNeeded();
      await press("Train");
      await says(/^Training on webgpu: step/);
      assert.ok(stopped > 0 && (await step()) >= stopped, "it did not begin anew"); // without a card, five steps take minutes
    }));
});
