import {createDigitClassifier} from "../lib/digits/digit-classifier.js";
import {classifierParameters} from "../lib/digits/classifier-network.js";
import {digitParameters, parameterCount} from "../lib/digits/digit-shape.js";
import {trainDigits} from "../lib/digits/digit-training.js";
import {decodeWeights, encodeWeights} from "../lib/digits/weights-file.js";
import {parallelDigitNetwork} from "../lib/digits/parallel-digit-network.js";
import {createWasmDigitNetwork} from "../lib/digits/wasm-digit-network.js";
import {gradientHelpers} from "./digit-gradient-work.js";
import type {DigitWorkshop} from "./digit-workshop.js";

/** The real networks and files. tfjs is loaded only for a network on the graphics card. */
export const digitTools: DigitWorkshop = {
  async read(address) {
    const name = address.replace(/.*\//, "").replace(/[?#].*/, "");
    let response: Response;
    try {
      response = await fetch(address);
    } catch {
      throw new Error(`${name} could not be loaded: is this device offline? Try again when it is not.`);
    }
    if (!response.ok) throw new Error(`${name} could not be loaded: the server answered ${response.status}.`);
    return new Uint8Array(await response.arrayBuffer());
  },
  async network(name, {seed, training, onCompiled, signal}) {
    if (name === "wasm") {
      const network = await createWasmDigitNetwork({seed, training});
      return training ? parallelDigitNetwork(network, await gradientHelpers()) : network;
    }
    const {tryBackend} = await import("../lib/backend.js");
    const problem = await tryBackend(name);
    if (problem !== undefined) throw new Error(problem);
    const {hasTexels} = await import("../lib/texels/texel-kernel.js");
    if (!hasTexels()) return (await import("../lib/digits/tensor-digit-network.js")).createTensorDigitNetwork({seed});
    const {createTexelDigitNetwork} = await import("../lib/digits/texel-digit-network.js");
    await (await import("../lib/texels/compile-texels.js")).compileTexels(onCompiled, signal);
    return createTexelDigitNetwork({seed});
  },
  train: trainDigits,
  weights(bytes) {
    const count = parameterCount(digitParameters());
    const {values, manifest} = decodeWeights(bytes, {kind: "digit-network", count});
    const {steps, loss = NaN, backend, quality} = manifest;
    return {values, info: {steps, loss, backend, accuracy: quality?.accuracy}};
  },
  file: (values, {steps, loss, backend, accuracy}) =>
    encodeWeights(values, {
      kind: "digit-network",
      steps,
      loss: Number.isFinite(loss) ? loss : undefined,
      backend,
      quality: accuracy === undefined ? undefined : {accuracy}
    }),
  classifier(bytes) {
    const count = parameterCount(classifierParameters());
    return createDigitClassifier(decodeWeights(bytes, {kind: "digit-classifier", count}).values);
  }
};
