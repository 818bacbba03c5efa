import {bundleEditor, editorDirectory} from "./bundle-editor.js";
import {bundleKernels, kernelsDirectory} from "./bundle-kernels.js";
import {bundleTfjs, vendorDirectory} from "./bundle-tfjs.js";

/** Where what is bundled beforehand lies. */
export const bundleFolders: readonly string[] = [kernelsDirectory, vendorDirectory, editorDirectory];

/** Makes all that is bundled beforehand and not committed; takes no time when it is up to date. */
export async function makeBundles(): Promise<void> {
  await bundleKernels();
  await bundleTfjs();
  await bundleEditor();
}
