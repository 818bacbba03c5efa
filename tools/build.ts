/** `npm run build`: the site in `dist`. Leaves with 1, and says where and why, when a reader would meet a fault. */
import {markBuilt, sourceStamp} from "./build-stamp.js";
import {makeBundles} from "./bundles.js";
import {formatProblem} from "./problems.js";
import {buildSite} from "./site-build.js";

const began = performance.now();
await makeBundles();
const stamp = await sourceStamp();
const verbose = process.argv.includes("--verbose");
const {problems, pages} = await buildSite({write: verbose ? (text) => process.stdout.write(text) : undefined});
for (const problem of problems) console.error(formatProblem(problem));
const seconds = ((performance.now() - began) / 1000).toFixed(1);
if (problems.length) {
  console.error(
    `\nNot built: ${problems.length} problem${problems.length === 1 ? "" : "s"}; dist is as it was before.`
  );
  process.exitCode = 1;
} else {
  await markBuilt(stamp);
  console.log(`Built ${pages} pages in dist in ${seconds} s, and found nothing wrong.`);
}
