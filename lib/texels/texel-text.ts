/**
 * What a kernel on texels computes, in a language that is GLSL and, word by word, WGSL: `text` holds functions, and the one
 * named `texel` gives the output's texel i. An input `x` is read as x(i), a number `side` as $side. All is int, float or
 * vec4; braces stand around every body; counters go up as ++k; nothing has the name of an input.
 */
export interface TexelSource {
  inputs: readonly string[];
  integers: readonly string[];
  floats?: readonly string[];
  text: string;
}

/** Texels in a row of a texture; a power of 2, so that the way from an index to its place costs no division. */
export const rowLength = 512;

/** The same as GLSL ES 3.00 for tfjs's WebGL backend, which puts declarations before it. */
export function glslText({inputs, text}: TexelSource): string {
  const place = `ivec2(i & ${rowLength - 1}, i >> ${Math.log2(rowLength)})`;
  return `${inputs.map((name) => `vec4 ${name}(int i) { return texelFetch(t_${name}, ${place}, 0); }`).join("\n")}
${text.replace(/\$(\w+)/g, "u_$1")}
void main() {
  int i = int(gl_FragCoord.y) * ${rowLength} + int(gl_FragCoord.x);
  vec4 own = vec4(0.0);
  if (i < u_size) { own = texel(i); }
  setOutput(own);
}`;
}

const types: Record<string, string> = {int: "i32", float: "f32", vec4: "vec4<f32>"};

/** The same as WGSL for tfjs's WebGPU backend. */
export function wgslText({inputs, text}: TexelSource): string {
  const body = text
    .replace(/\b(int|float|vec4) (\w+)\(([^)]*)\) \{/g, (_, type: string, name: string, list: string) => {
      const parameters = list.split(", ").map((parameter) => {
        const [type, name] = parameter.split(" ");
        return `${name}: ${types[type]}`;
      });
      return `fn ${name}(${parameters.join(", ")}) -> ${types[type]} {`;
    })
    .replace(/\b(int|float|vec4) (\w+) =/g, (_, type: string, name: string) => `var ${name}: ${types[type]} =`)
    .replace(/\b(int|float|vec4)\(/g, (_, type: string) => `${types[type]}(`)
    .replace(/\+\+(\w+)/g, "$1++")
    .replace(/\$(\w+)/g, "uniforms.u_$1");
  return `${inputs.map((name) => `fn ${name}(i: i32) -> vec4<f32> { return t_${name}[i]; }`).join("\n")}
${body}
fn main(i : i32) {
  if (i < uniforms.size) { result[i] = texel(i); }
}`;
}
