import type {PointSet} from "../lib/points/index.js";
import type {Schedule} from "../lib/schedule.js";
import {select} from "./controls.js";
import type {DenoiserSource} from "./denoiser-source.js";
import {exactDenoiser, ownPoints, pretrainedDenoiser, trainedDenoiser} from "./denoiser-source.js";
import {element} from "./element.js";
import type {Live} from "./live.js";
import type {StoredNetwork} from "./network-store.js";
import {storedNetwork} from "./network-store.js";

/** Where a denoiser comes from: a formula, a network that comes with the pages, one that was trained on /train. */
export type DenoiserKind = "exact" | "pretrained" | "trained";

export interface DenoiserChoiceOptions {
  sets: readonly PointSet[]; // of lib/points, each of which has a pretrained network
  schedule: Schedule; // of the exact denoiser; a network brings its own
  data?: string; // the name of the set to begin with, defaults to the first
  /** Whether the reader's own points are offered when a network was trained on them; defaults to true. */
  own?: boolean;
}

/** Two lists, data and denoiser, for a line of controls. They fire `input` and `change` as lists do. */
export interface DenoiserChoice extends HTMLElement {
  readonly set: PointSet;
  readonly kind: DenoiserKind;
  readonly stored: StoredNetwork | undefined; // the network of /train, if this browser has kept one
  /** Resolves when this browser's own network is in the list, if there is one. */
  readonly ready: Promise<void>;
  /** What is chosen, in plain numbers. Rejects in words for the reader when a network cannot be loaded. */
  source(): Promise<DenoiserSource>;
}

const labels: Record<DenoiserKind, string> = {
  exact: "exact",
  pretrained: "pretrained",
  trained: "trained here"
};

/**
 * Lets the reader choose what a figure samples with: the exact formula where the data are a mixture, the network that comes
 * with the pages, or the one that was trained on /train. Its badge says which:
 *
 *     const choice = denoiserChoice({sets: pointSets, schedule});
 *     choice.addEventListener("change", async () => {
 *       const {denoiser, schedule, set, badge} = await choice.source();
 *       root.badge(...badge);
 *     });
 */
export function denoiserChoice(options: DenoiserChoiceOptions): DenoiserChoice {
  const {schedule, own = true} = options;
  let sets = options.sets;
  let stored: StoredNetwork | undefined;
  const data = select({
    name: "data",
    options: sets.map(({name, title}) => ({value: name, label: title})),
    value: options.data
  });
  const denoiser = select<DenoiserKind>({
    name: "denoiser",
    options: kinds().map((kind) => ({value: kind, label: kind}))
  });
  const root = element("div", {style: "display: contents"}, data, denoiser);
  // Before the figure hears of other data, the list holds what there is for them.
  data.querySelector("select")!.addEventListener("input", offer);
  offer();
  const ready = storedNetwork().then(found);
  const choice = {ready, source};
  return Object.defineProperties(Object.assign(root, choice), {
    set: {get: chosen},
    kind: {get: () => denoiser.value},
    stored: {get: () => stored}
  }) as unknown as DenoiserChoice;

  function chosen(): PointSet {
    return sets.find(({name}) => name === data.value)!;
  }

  function kinds(): DenoiserKind[] {
    return ["exact", "pretrained", "trained"];
  }

  function has(kind: DenoiserKind): boolean {
    const {name, mixture} = chosen();
    if (kind === "exact") return mixture !== undefined;
    return kind === "trained" ? stored?.data === name : options.sets.some((set) => set.name === name);
  }

  /** Fills the list of denoisers for the data that are chosen, and keeps the choice if it can. */
  function offer(): void {
    const list = denoiser.querySelector("select")!;
    const wanted = denoiser.value;
    const possible = kinds().filter(has);
    list.replaceChildren(...kinds().map((kind) => element("option", optionOf(kind), labels[kind])));
    denoiser.value = possible.includes(wanted) ? wanted : possible[0];
  }

  function optionOf(kind: DenoiserKind) {
    if (has(kind)) return {value: kind};
    const why = {
      exact: "there is a formula for mixtures only",
      pretrained: "no network comes with the page for your points",
      trained: stored ? "your network is for other data" : "none yet: train one on /train"
    };
    return {value: kind, disabled: true, title: why[kind]};
  }

  function found(network: StoredNetwork | undefined): void {
    stored = network;
    if (stored && own && !sets.some(({name}) => name === stored!.data)) {
      const points = ownPoints(stored);
      sets = [...sets, points];
      data.querySelector("select")!.append(element("option", {value: points.name}, points.title));
    }
    offer();
  }

  function source(): Promise<DenoiserSource> {
    const set = chosen();
    if (denoiser.value === "exact") return Promise.resolve(exactDenoiser(set, schedule));
    if (denoiser.value === "pretrained") return pretrainedDenoiser(set);
    return trainedDenoiser(stored!, sets);
  }
}

/**
 * What is chosen, named by the figure's badge; undefined when it cannot be had, and the figure says why, or when `signal`
 * aborts, as it does when something else has been chosen meanwhile.
 */
export async function chosenSource(
  choice: DenoiserChoice,
  figure: Live,
  signal: AbortSignal
): Promise<DenoiserSource | undefined> {
  try {
    const source = await choice.source();
    if (signal.aborted) return undefined;
    figure.badge(...source.badge);
    figure.alert("");
    return source;
  } catch (error) {
    if (signal.aborted) return undefined;
    figure.alert(`${(error as Error).message} The picture still shows the last run.`);
    return undefined;
  }
}
