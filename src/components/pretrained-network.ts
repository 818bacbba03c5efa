import type {PretrainedPoints} from "../lib/pretrained-points.js";

const loads = new Map<string, Promise<PretrainedPoints>>();

/**
 * The network that comes with the pages for a point set, by the set's name; loaded once a page. Rejects with an Error, in
 * words for the reader, when there is none or it cannot be loaded; the next call tries again.
 */
export function pretrainedNetwork(name: string): Promise<PretrainedPoints> {
  let load = loads.get(name);
  if (!load) {
    load = fetchNetwork(name);
    loads.set(name, load);
    load.catch(() => loads.delete(name));
  }
  return load;
}

async function fetchNetwork(name: string): Promise<PretrainedPoints> {
  const {pretrainedFiles} = await import("./pretrained-files.js");
  const file = Object.hasOwn(pretrainedFiles, name) ? pretrainedFiles[name] : undefined;
  if (!file) throw new Error(`There is no pretrained network for the data “${name}”: choose another denoiser.`);
  let bytes: ArrayBuffer;
  let decode: (bytes: Uint8Array) => PretrainedPoints;
  try {
    const [content, library] = await Promise.all([file(), import("../lib/pretrained-points.js")]); // not before it is needed
    bytes = content;
    decode = library.decodePointWeights;
  } catch {
    throw new Error("The pretrained network could not be loaded. Are you online? Try it again.");
  }
  return decode(new Uint8Array(bytes));
}
