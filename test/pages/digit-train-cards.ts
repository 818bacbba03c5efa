/** What tests do to the graphics card of a worker. The functions run in the worker, before it has loaded tfjs. */
import type {Worker} from "playwright-core";

interface Cards {
  contexts: WebGL2RenderingContext[];
  devices: GPUDevice[];
}

/** Keeps every WebGL context and WebGPU device that the worker makes, to be lost. */
export function keepCards(): void {
  const cards: Cards = Object.assign(globalThis, {contexts: [], devices: []});
  const {getContext} = OffscreenCanvas.prototype;
  OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...asked: unknown[]) {
    const context = (getContext as (...asked: unknown[]) => unknown).apply(this, asked);
    if (asked[0] === "webgl2" && context) cards.contexts.push(context as WebGL2RenderingContext);
    return context;
  } as typeof getContext;
  if (typeof GPUAdapter === "undefined") return;
  const {requestDevice} = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...asked) {
    const device = await requestDevice.apply(this, asked);
    cards.devices.push(device);
    return device;
  };
}

/** Loses all that live, and returns how many these were. */
export function loseCards(worker: Worker): Promise<number> {
  return worker.evaluate(() => {
    const {contexts, devices} = globalThis as unknown as Cards;
    const living = contexts.filter((context) => !context.isContextLost());
    for (const context of living) context.getExtension("WEBGL_lose_context")!.loseContext();
    for (const device of devices) device.destroy();
    return living.length + devices.length;
  });
}

/** Makes WebGL as it is on a device that draws to half floats only. */
export function forgetFloats(): void {
  const {getExtension} = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.getExtension = function (this: WebGL2RenderingContext, name: string) {
    return name === "EXT_color_buffer_float" ? null : (getExtension.call(this, name) as unknown);
  } as typeof getExtension;
}
