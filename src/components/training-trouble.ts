import {readable} from "./format.js";
import {OwnCodeError} from "./own-code.js";
import type {Tell} from "./train-controls.js";
import {isDivergence} from "./training-run.js";

export interface WaysOnOptions {
  tell: Tell;
  start: () => void;
  reset: () => Promise<void>;
  setRate: (learningRate: number) => void;
  goOnAt: (learningRate: number) => void;
}

/** What a training figure says when something goes wrong, with the ways on. */
export interface WaysOn {
  /** Warns of a loss that a training in order never sees; returns whether it has. */
  warn(loss: number): boolean;
  /** Tells an error. `ownLoss` says that the reader has changed the loss, which may then be what diverges. */
  trouble(error: unknown, details: {ownLoss: boolean}): void;
}

const goodRate = 0.003;
const smallRate = 0.001; // to go on with after another was too large
const blownUp = 20; // a loss starts near 1

export function waysOn({tell, start, reset, setRate, goOnAt}: WaysOnOptions): WaysOn {
  return {
    warn(loss) {
      if (!(loss > blownUp)) return false;
      const text = `The loss has grown to ${readable(loss, 2)}: at this learning rate every step throws the weights too far.`;
      tell(text, startAgain());
      return true;
    },
    trouble(error, {ownLoss}) {
      const text = error instanceof Error ? error.message : String(error);
      if (isDivergence(error)) {
        const hint = ownLoss ? " If that does not help, look at what your loss divides by." : "";
        const goOn = {[`Go on at ${smallRate}`]: () => again(smallRate, () => goOnAt(smallRate))};
        tell(`${text}${hint}`, {...goOn, ...startAgain()});
      } else if (error instanceof OwnCodeError) tell(`${text} What was there stays.`, {"Train again": start});
      else tell(text, {"Start again": () => void reset().then(start)});
    }
  };

  function startAgain(): Record<string, () => void> {
    return {[`Start again at ${goodRate}`]: () => again(goodRate, () => void reset().then(start))};
  }

  function again(learningRate: number, then: () => void): void {
    tell("");
    setRate(learningRate);
    then();
  }
}
