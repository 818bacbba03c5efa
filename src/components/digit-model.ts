import type {DigitService} from "./digit-service.js";
import type {BadgeKind, Live} from "./live.js";

/** What a figure needs of the page's networks: answers, and who gives them. */
export type DigitModel = Pick<DigitService, "predictor" | "classify" | "ready" | "weights" | "backend" | "onChange">;

/** Says in a figure's badge which network answers, and where. */
export function sayModel(root: Live, {weights, backend}: DigitModel): void {
  const [kind, what]: [BadgeKind, string] =
    weights.kind === "pretrained"
      ? ["pretrained", "a network that comes with the page"]
      : weights.kind === "trained"
        ? ["trained", "the network of this browser"]
        : ["pretrained", "the network from your file"];
  const steps = weights.steps > 0 ? `, ${weights.steps} steps of training` : "";
  root.badge(kind, `${what}${steps}; it runs on ${backend}`);
}
