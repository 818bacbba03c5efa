/** Thrown when the loss is no longer a number; the network has its last good weights back. */
export class TrainingDiverged extends Error {
  override name = "TrainingDiverged";
  /** The step whose report had the bad loss, and the step that the weights are from. */
  readonly step: number;
  readonly restoredStep: number;

  /** `works` is a learning rate that does. */
  constructor(step: number, restoredStep: number, loss: number, learningRate: number, works = 0.003) {
    super(
      `The loss became ${loss} at step ${step}: the steps were too long and the weights grew without bound. ` +
        `The weights of step ${restoredStep} are back. Choose a learning rate below ${learningRate} (${works} works) and train again.`
    );
    this.step = step;
    this.restoredStep = restoredStep;
  }
}
