import {describe, it} from "node:test";
import {patience, trainPage} from "./train-page.js";

// Run before the page's own code: no shader is taken, as by a driver with a fault.
const breakShaders = `
  const {shaderSource} = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.shaderSource = function (shader, text) {
    shaderSource.call(this, shader, text + " no shader");
  };
`;

describe("a graphics card that takes no shader", () => {
  const visit = trainPage();

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
