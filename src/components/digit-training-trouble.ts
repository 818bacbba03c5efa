import type {DigitService} from "./digit-service.js";
import type {DigitTrainControls} from "./digit-train-controls.js";
import {firstWish} from "./digit-training-plan.js";
import type {DigitRun} from "./digit-training-run.js";
import type {Tell} from "./train-controls.js";

export interface DigitWaysOnOptions {
  tell: Tell;
  service: DigitService;
  run: DigitRun;
  settings: DigitTrainControls;
}

/** What the figure says when a training of digits breaks, with the ways on; each leads back to work. */
export function digitWaysOn({tell, service, run, settings}: DigitWaysOnOptions): {trouble(error: unknown): void} {
  return {
    trouble(error) {
      const {name, message} = error instanceof Error ? error : new Error(String(error));
      if (name === "TrainingDiverged") tell(message, atRates());
      else if (name === "NothingTrains") tell(message, {"Use the pretrained network": usePretrained});
      else if (run.work?.state) tell(message, {[`Go on from step ${run.work.step}`]: again});
      else tell(message, {"Try again": again});
    }
  };

  function atRates(): Record<string, () => void> {
    const rate = firstWish.learningRate;
    const start = () => void run.reset().then(() => restart(rate));
    // With nothing learnt yet, going on is the same as starting again.
    return run.work?.step
      ? {"Go on at 0.001": () => restart(0.001), [`Start again at ${rate}`]: start}
      : {[`Start again at ${rate}`]: start};
  }

  function restart(learningRate: number): void {
    tell("");
    settings.wish = {...settings.wish, learningRate};
    void run.go(settings.wish, {keep: true});
  }

  function again(): void {
    tell("");
    if (settings.ready()) void run.go(settings.wish);
  }

  function usePretrained(): void {
    tell("");
    service.usePretrained().catch((error: Error) => tell(error.message, {"Try again": usePretrained}));
  }
}
