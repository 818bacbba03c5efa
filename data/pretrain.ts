/**
 * npm run pretrain [-- classifier | network] [--steps N] [--fresh]: trains the classifier and the digit network of the site
 * on MNIST, with the code that the page trains with, and writes src/data/digit-classifier.bin and src/data/digit-network.bin.
 * It says how far it is, keeps its state every half minute in .cache/pretrain, and goes on from there when it is started
 * again. On our kernels, on one core.
 */
import {createHash} from "node:crypto";
import {readFile, rm, writeFile} from "node:fs/promises";
import {parseArgs} from "node:util";
import {classifierNetwork} from "../lib/digits/classifier-network.js";
import {trainClassifier} from "../lib/digits/classifier-training.js";
import {classAccuracy} from "../lib/digits/digit-quality.js";
import {toUnit} from "../lib/digits/digit.js";
import {trainDigits} from "../lib/digits/digit-training.js";
import {createWasmDigitNetwork} from "../lib/digits/wasm-digit-network.js";
import type {WeightsManifest} from "../lib/digits/weights-file.js";
import {encodeWeights} from "../lib/digits/weights-file.js";
import type {FlatState} from "../lib/kernels/flat-weights.js";
import {startKernels} from "../lib/kernels/kernels.js";
import {libraryFiles} from "../tools/library-modules.js";
import {networkQuality} from "./digit-bench.js";
import type {Mnist} from "./mnist.js";
import {readMnist} from "./mnist.js";
import {loadClassifier, loadNetwork, weightsFile} from "./pretrained.js";
import {readState, writeState} from "./training-state.js";

const recipes = {
  classifier: {steps: 4000, batch: 64, learningRate: 3e-3, seed: 0},
  network: {steps: 8000, batch: 64, learningRate: 6e-3, largestDecay: 0.999, seed: 0}
};
type Name = keyof typeof recipes;

const {values: options, positionals} = parseArgs({
  options: {steps: {type: "string"}, fresh: {type: "boolean"}},
  allowPositionals: true
});
const wanted = (positionals.length ? positionals : Object.keys(recipes)) as Name[];
for (const name of wanted) if (!(name in recipes)) throw new Error(`there is no ${name}: say classifier or network`);
const mnist = await readMnist();
for (const name of wanted) await (name === "classifier" ? pretrainClassifier(mnist) : pretrainNetwork(mnist));

async function pretrainClassifier({train, test, checksum}: Mnist): Promise<void> {
  const recipe = recipeOf("classifier");
  const network = classifierNetwork(await startKernels(), {seed: recipe.seed, training: true});
  const keeper = await keep("classifier", recipe, (state) => network.load(state));
  for await (const {step, loss} of trainClassifier({...recipe, ...train, network})) {
    await keeper.report(step, loss, () => network.save());
  }
  const state = network.save();
  // What is measured is what is committed: the weights after they were rounded to 16 bits.
  const write = (quality: WeightsManifest["quality"]) =>
    writeWeights("classifier", state, {...keeper, checksum, quality});
  await write({});
  const {labels} = (await loadClassifier()).classify(toUnit(test.pixels));
  const {accuracy} = classAccuracy(labels, test.labels);
  console.log(`classifier: ${(100 * accuracy).toFixed(2)} % of the 10,000 test digits are right`);
  await write({testAccuracy: accuracy});
}

async function pretrainNetwork({train, checksum}: Mnist): Promise<void> {
  const recipe = recipeOf("network");
  const network = await createWasmDigitNetwork({seed: recipe.seed});
  const keeper = await keep("network", recipe, (state) => network.load(state));
  for await (const {step, loss} of trainDigits({...recipe, ...train, network})) {
    await keeper.report(step, loss, () => network.save());
  }
  const state = await network.save();
  const write = (quality: WeightsManifest["quality"]) => writeWeights("network", state, {...keeper, checksum, quality});
  await write({});
  console.log("measuring 1,000 samples of DDIM with 50 steps, guidance 1.5");
  const quality = await networkQuality(await loadNetwork(), {
    mnist: {train},
    steps: 50,
    count: 1000,
    guidance: 1.5
  });
  const {accuracy, frechet, floor} = quality;
  console.log(
    `network: ${(100 * accuracy).toFixed(1)} % are the digit asked for, Fréchet distance ${frechet.toFixed(2)}`
  );
  await write({accuracy, frechet, floor, samples: 1000, samplingSteps: 50, guidance: 1.5});
}

function recipeOf<N extends Name>(name: N): (typeof recipes)[N] {
  return options.steps === undefined ? recipes[name] : {...recipes[name], steps: Number(options.steps)};
}

/** Goes on from what was kept, if it is of the same recipe, and keeps more. */
async function keep(name: Name, recipe: {steps: number; seed: number}, load: (state: FlatState) => void) {
  const file = new URL(`../.cache/pretrain/${name}.state`, import.meta.url).pathname;
  if (options.fresh) await rm(file, {force: true});
  const kept = await readState(file);
  const same = kept && JSON.stringify(kept.note.recipe) === JSON.stringify(recipe);
  if (kept && !same) throw new Error(`${file} is of another recipe: start with --fresh to train anew`);
  if (kept) load(kept.state);
  let [at, savedAt] = [performance.now(), performance.now()];
  let last = kept?.state.step ?? 0;
  const keeper = {
    recipe,
    loss: Number(kept?.note.loss ?? NaN),
    async report(step: number, loss: number, save: () => FlatState | Promise<FlatState>) {
      keeper.loss = Number.isNaN(keeper.loss) ? loss : 0.98 * keeper.loss + 0.02 * loss;
      const now = performance.now();
      if (now - at > 10_000 || step === recipe.steps) {
        const rate = ((step - last) / (now - at)) * 1000;
        const left = Math.round((recipe.steps - step) / rate / 60);
        console.log(
          `${name}: step ${step} of ${recipe.steps}, loss ${keeper.loss.toFixed(4)}, ${rate.toFixed(1)} steps/s, ${left} min left`
        );
        [at, last] = [now, step];
      }
      if (now - savedAt < 30_000 && step < recipe.steps) return;
      savedAt = now;
      await writeState(file, await save(), {recipe, loss: keeper.loss});
    }
  };
  return keeper;
}

interface Made {
  recipe: {steps: number; seed: number};
  loss: number;
  checksum: string;
  quality: WeightsManifest["quality"];
}

async function writeWeights(
  name: Name,
  {average, step}: FlatState,
  {recipe, loss, checksum, quality}: Made
): Promise<void> {
  const manifest = {
    kind: `digit-${name}`,
    steps: step,
    seed: recipe.seed,
    loss: Number(loss.toPrecision(4)),
    dataset: checksum,
    code: await codeVersion(),
    backend: "wasm",
    quality
  } as const;
  const bytes = encodeWeights(average, manifest);
  await writeFile(weightsFile(name), bytes);
  console.log(`${name}: ${bytes.length} bytes written`);
}

/** The version of the project, and a hash of the code that trains. */
async function codeVersion(): Promise<string> {
  const {version} = JSON.parse(await readFile("package.json", "utf8")) as {version: string};
  const hash = createHash("sha256");
  for (const file of libraryFiles().filter((name) => /^lib\/(digits|kernels)\//.test(name))) {
    hash.update(await readFile(file));
  }
  return `${version}-${hash.digest("hex").slice(0, 12)}`;
}
