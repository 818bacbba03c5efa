import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {glslText, wgslText} from "../../lib/texels/texel-text.js";

const source = {
  inputs: ["x", "weights"],
  integers: ["side"],
  floats: ["rate"],
  text: `float twice(float v, int n) {
  return v * float(n);
}
vec4 texel(int i) {
  vec4 sum = vec4(0.0);
  for (int k = 0; k < $side; ++k) {
    int at = i * $side + k;
    sum += x(at) * twice($rate, 2);
  }
  return sum;
}`
};

describe("the text of a kernel on texels", () => {
  it("is GLSL as it stands, with its numbers as uniforms and its inputs as textures", () => {
    const glsl = glslText(source);
    assert.match(glsl, /vec4 x\(int i\) \{ return texelFetch\(t_x, ivec2\(i & 511, i >> 9\), 0\); \}/);
    assert.match(glsl, /for \(int k = 0; k < u_side; \+\+k\) \{/);
    assert.match(glsl, /sum \+= x\(at\) \* twice\(u_rate, 2\);/);
    assert.match(glsl, /if \(i < u_size\) \{ own = texel\(i\); \}/);
  });

  it("becomes WGSL word by word", () => {
    const wgsl = wgslText(source);
    const lines = wgsl.split("\n").map((line) => line.trim());
    for (const line of [
      "fn weights(i: i32) -> vec4<f32> { return t_weights[i]; }",
      "fn twice(v: f32, n: i32) -> f32 {",
      "return v * f32(n);",
      "fn texel(i: i32) -> vec4<f32> {",
      "var sum: vec4<f32> = vec4<f32>(0.0);",
      "for (var k: i32 = 0; k < uniforms.u_side; k++) {",
      "var at: i32 = i * uniforms.u_side + k;",
      "sum += x(at) * twice(uniforms.u_rate, 2);"
    ])
      assert.ok(lines.includes(line), `there is no line ${line} in\n${wgsl}`);
  });
});
