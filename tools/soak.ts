/**
 * npm run soak [-- --minutes 30 --seed 1]: a browser on the built site that trains, samples, edits, changes chapters,
 * resizes and hides the tab, over and over. A line for each round, and at the end a verdict on each measure: flat, or by how
 * much it grows. Leaves with 1 when something grows, a task held a page for over 200 ms, or a page had an error.
 */
import {parseArgs} from "node:util";
import {launchBrowser} from "./browser.js";
import {serve} from "./serve.js";
import {soak} from "./soak-rounds.js";

const {values} = parseArgs({
  options: {minutes: {type: "string", default: "30"}, seed: {type: "string", default: "1"}}
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new Error("--minutes is a number above 0, --seed an integer");
const site = await serve({folder: "dist", path: "/some/course/"});
const browser = await launchBrowser();
try {
  const say = (line: string) => console.log(line);
  const {rounds, verdicts, longTasks, faults} = await soak({browser, url: site.url, seconds: 60 * minutes, seed, say});
  console.log(`${rounds} rounds from the seed ${seed}:`);
  for (const {line} of verdicts) console.log(line);
  for (const {milliseconds, during} of longTasks) console.log(`LONG  a task of ${milliseconds} ms: ${during}`);
  for (const fault of faults) console.log(`ERROR ${fault}`);
  if (longTasks.length || faults.length || verdicts.some(({flat}) => !flat)) process.exitCode = 1;
} finally {
  await browser.close();
  await site.close();
}
