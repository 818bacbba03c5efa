import {describe, it} from "node:test";
import {patience, trainPage} from "./train-page.js";

const visit = await trainPage();

// Run before the page's own code: no shader is taken, as by a driver with a fault.
const breakShaders = `
  const {shaderSource} = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.shaderSource = function (shader, text) {
    shaderSource.call(this, shader, text + " no shader");
  };
`;

// Every addition is a subtraction, in the shaders of both.
const spoilShaders = `
  const wrong = (text) => text.replaceAll("return a + b;", "return a - b;").replaceAll("resultTemp = a + b;", "resultTemp = a - b;");
  const {shaderSource} = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.shaderSource = function (shader, text) {
    shaderSource.call(this, shader, wrong(text));
  };
  const {createShaderModule} = GPUDevice.prototype;
  GPUDevice.prototype.createShaderModule = function (module) {
    return createShaderModule.call(this, {...module, code: wrong(module.code)});
  };
`;

describe("a graphics card that takes no shader", () => {
  it("is left for the next backend, and the figure says why", () =>
    visit(async ({root, choose, enter, press, says}) => {
      await choose("backend", "webgl");
      await enter("training steps", 2);
      await enter("steps", 1);
      await press("Train");
      await says(/^Done: 2 steps on /);
      const why = /webgl does not start: the graphics card does not take its shaders \(.*\).*running on \w+/;
      await root.getByText(why).waitFor({timeout: patience});
    }, breakShaders));
});

describe("a graphics card that computes wrongly", () => {
  it("is left for the next backend, on WebGPU as on WebGL, and the figure says why", () =>
    visit(async ({root, choose, enter, press, says}) => {
      await choose("backend", "webgpu");
      await enter("training steps", 2);
      await enter("steps", 1);
      await press("Train");
      await says(/^Done: 2 steps on wasm/);
      const wrong = "does not start: the graphics card computes wrongly with its shaders";
      await root.getByText(`webgpu ${wrong}; webgl ${wrong}; running on wasm`).waitFor({timeout: patience});
    }, spoilShaders));
});
