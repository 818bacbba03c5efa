/** The digits that the pages load when a reader asks: MNIST, or the offline digits where that cannot be had. */
import {digitPack} from "../../data/digit-pack.js";

try {
  process.stdout.write(await digitPack());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
