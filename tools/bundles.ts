import {bundleEditor} from "./bundle-editor.js";
import {bundleKernels} from "./bundle-kernels.js";
import {bundleTfjs} from "./bundle-tfjs.js";

/** Makes all that is bundled beforehand and not committed; takes no time when it is up to date. */
export async function makeBundles(): Promise<void> {
  await bundleKernels();
  await bundleTfjs();
  await bundleEditor();
}
