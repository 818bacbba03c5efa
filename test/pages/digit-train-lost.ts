/** Trains digits on a graphics card that a test can take away. */
import assert from "node:assert/strict";
import {keepCards, loseCards} from "./digit-train-cards.js";
import type {DigitTrainSite, Figure} from "./digit-train-site.js";
import {patience} from "./digit-train-site.js";

// A step takes seconds without a graphics card. In 8 the loss goes from 1.02 to 0.73.
const steps = 8;

/** Waits until the steps are made, asserts that the loss has fallen, and returns what the figure says. */
export async function isTrained({says, losses, badge}: Figure, backend: string): Promise<string> {
  const said = await says(/^Done/);
  const [first, last] = await losses();
  assert.match(said, new RegExp(`^Done: ${steps} steps on ${backend}`));
  assert.ok(last < 0.85 * first, `the loss went from ${first} to ${last}`);
  assert.equal(await badge(), `trained here: ${steps} steps on ${backend}`);
  return `${said} The smoothed loss went from ${first} to ${last}`;
}

/** Trains for some steps; `lose` takes the card away, and waits until the figure says so. */
export function withCards(
  site: DigitTrainSite,
  backend: string,
  use: (figure: Figure, lose: () => Promise<void>) => Promise<void>
): Promise<void> {
  return site.visit(
    async (figure, page) => {
      const worker = page.waitForEvent("worker");
      await figure.choose(backend);
      await figure.enter("training steps", steps);
      await figure.enter("batch", 4);
      const held = worker.then((own) => own.evaluate(keepCards));
      await figure.press("Train");
      await held;
      await use(figure, async () => {
        assert.ok((await loseCards(await worker)) > 0, "no card was lost");
        const said = figure.root.getByText(/The graphics card stopped|going on from step \d+/);
        await said.first().waitFor({timeout: patience});
      });
    },
    (fault) => /CONTEXT_LOST_WEBGL|device was lost|external Instance/i.test(fault)
  );
}
