import * as tf from "../tf.js";
import type {TexelSource} from "./texel-text.js";
import {glslText, rowLength, wgslText} from "./texel-text.js";

/** Numbers on the graphics card by fours: texel i holds the numbers 4 i to 4 i + 3 of a flat array. Shape [texels, 2, 2]. */
export type Texels = tf.Tensor3D;

/** Runs a kernel: one launch, `size` texels, at least 2. The numbers are those that its text reads with a $. */
export type TexelKernel = (size: number, inputs: Record<string, tf.Tensor>, numbers: Record<string, number>) => Texels;

/** What a kernel of tfjs gets, as far as it is needed here. */
interface Call {
  inputs: tf.NamedTensorInfoMap;
  backend: unknown;
  attrs?: unknown;
}

interface Numbers {
  size: number;
  numbers: Record<string, number>;
}

interface WebGl {
  runWebGLProgram(...call: unknown[]): tf.TensorInfo;
  makeTensorInfo(shape: number[], dtype: string): tf.TensorInfo;
  uploadToGPU(dataId: object): void;
  texData: {get(dataId: object): {texture: {texture: WebGLTexture}}};
  gpgpu: {uploadDenseMatrixToTexture(to: WebGLTexture, columns: number, rows: number, values: Float32Array): void};
}

interface WebGpu {
  runWebGPUProgram(...call: unknown[]): tf.TensorInfo;
  makeTensorInfo(shape: number[], dtype: string, values: Float32Array): tf.TensorInfo;
}

/** The backends of tfjs that have these kernels. */
export function hasTexels(backend = tf.getBackend()): boolean {
  return backend === "webgpu" || (backend === "webgl" && tf.env().getNumber("WEBGL_VERSION") === 2);
}

/**
 * Registers a kernel with tfjs's backends for the graphics card, under its name, and returns the function that runs it. Its
 * numbers are uniforms, so that a kernel is compiled once, whatever the sizes. Throws an Error on other backends.
 */
export function texelKernel(name: string, source: TexelSource): TexelKernel {
  const kernelName = `Texels${name}`;
  const {inputs: names, integers, floats = []} = source;
  const variableNames = names.map((name) => `t_${name}`);
  const uniforms = [...integers, ...floats];
  let glsl: string | undefined;
  let wgsl: string | undefined;
  tf.registerKernel({
    kernelName,
    backendName: "webgl",
    kernelFunc({inputs, backend, attrs}: Call) {
      const {size, numbers} = attrs as Numbers;
      const program = {
        variableNames,
        outputShape: [size, 2, 2],
        packedInputs: true,
        packedOutput: true,
        outPackingScheme: 0, // dense: in the order of the texels, in a texture of the shape below
        enableShapeUniforms: true,
        customUniforms: [
          {name: "u_size", type: "int"},
          ...integers.map((name) => ({name: `u_${name}`, type: "int"})),
          ...floats.map((name) => ({name: `u_${name}`, type: "float"}))
        ],
        userCode: (glsl ??= glslText(source))
      };
      const values = [[size], ...uniforms.map((name) => [numbers[name]])];
      const tensors = names.map((name) => inputs[name]);
      return (backend as WebGl).runWebGLProgram(program, tensors, "float32", values, true, textureOf(size));
    }
  });
  tf.registerKernel({
    kernelName,
    backendName: "webgpu",
    kernelFunc({inputs, backend, attrs}: Call) {
      const {size, numbers} = attrs as Numbers;
      const program = {
        variableNames,
        variableComponents: variableNames.map(() => 4),
        outputShape: [size, 2, 2],
        outputComponent: 4,
        uniforms: [...integers.map((name) => `u_${name} : i32,`), ...floats.map((name) => `u_${name} : f32,`)].join(
          " "
        ),
        workgroupSize: [64, 1, 1],
        dispatchLayout: {x: [0, 1, 2]},
        dispatch: [Math.ceil(size / 64), 1, 1],
        size: true,
        shaderKey: kernelName,
        getUserCode: () => (wgsl ??= wgslText(source))
      };
      const values = uniforms.map((name, i) => ({
        type: i < integers.length ? "int32" : "float32",
        data: [numbers[name]]
      }));
      // As one row, since tfjs compiles again where an input gets or loses the output's shape.
      const tensors = names.map((name) => ({...inputs[name], shape: [4 * inputs[name]!.shape[0]]}));
      return (backend as WebGpu).runWebGPUProgram(program, tensors, "float32", values);
    }
  });
  const run: TexelKernel = (size, inputs, numbers) => {
    for (const name of uniforms) {
      if (!Number.isFinite(numbers[name])) throw new RangeError(`${kernelName}: ${name} is ${numbers[name]}`);
    }
    return tf.engine().runKernel(kernelName, inputs, {size, numbers} as unknown as tf.NamedAttrMap) as Texels;
  };
  defined.push((x) => run(x.shape[0], Object.fromEntries(names.map((name) => [name, x])), twos(uniforms)));
  return run;
}

// Each kernel there is, run on some texels for nothing but to be compiled.
const defined: ((x: Texels) => Texels)[] = [];
const twos = (names: string[]) => Object.fromEntries(names.map((name) => [name, 2]));

/** A function for each kernel that is defined so far, which runs it once, on almost nothing, and frees what comes out. */
export function texelRuns(): (() => void)[] {
  return defined.map((run) => () => void tf.tidy(() => void run(toTexels(new Float32Array(8)))));
}

/** Texels of a texture for so many of them: rows of a length that all share, or a single shorter one. */
function textureOf(size: number): [rows: number, columns: number] {
  return size <= rowLength ? [1, size] : [Math.ceil(size / rowLength), rowLength];
}

// tfjs would put numbers into a texture by a launch, and compile a program for each size. Here they are in place at once.
const uploadName = "TexelsUpload";
tf.registerKernel({
  kernelName: uploadName,
  backendName: "webgl",
  kernelFunc({backend, attrs}: Call) {
    const {values} = attrs as {values: Float32Array};
    const card = backend as WebGl;
    const [rows, columns] = textureOf(values.length / 4);
    const info = card.makeTensorInfo([values.length / 4, 2, 2], "float32");
    const data = card.texData.get(info.dataId);
    Object.assign(data, {isPacked: true, texShape: [2 * rows, 2 * columns]});
    card.uploadToGPU(info.dataId);
    card.gpgpu.uploadDenseMatrixToTexture(data.texture.texture, columns, rows, values);
    return info;
  }
});
tf.registerKernel({
  kernelName: uploadName,
  backendName: "webgpu",
  kernelFunc({backend, attrs}: Call) {
    const {values} = attrs as {values: Float32Array};
    return (backend as WebGpu).makeTensorInfo([values.length / 4, 2, 2], "float32", values);
  }
});

/** Puts numbers on the graphics card, by fours, without a launch; the rest of the last texel is 0. */
export function toTexels(values: ArrayLike<number>): Texels {
  const padded = new Float32Array(Math.max(8, 4 * Math.ceil(values.length / 4)));
  padded.set(values);
  return tf.engine().runKernel(uploadName, {}, {values: padded} as unknown as tf.NamedAttrMap) as Texels;
}
