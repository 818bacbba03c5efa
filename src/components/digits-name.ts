import type {DigitSet} from "../lib/digits/digit-set.js";
import type {BadgeKind} from "./live.js";

/** What figures call the digits of a set, in a caption, a status line or a text alternative. */
export function sourceName({source}: Pick<DigitSet, "source">): string {
  return source === "mnist" ? "MNIST" : "offline digits, drawn by the pretrained model";
}

/**
 * The badge of a figure whose digits are all that it shows: `live.badge(...sourceBadge(set))`. Digits of MNIST are exact;
 * offline digits are the work of a network, and the badge says so.
 */
export function sourceBadge(set: Pick<DigitSet, "source">): [kind: BadgeKind, detail: string] {
  return [set.source === "mnist" ? "exact" : "pretrained", sourceName(set)];
}
