import type {DigitSet} from "../lib/digits/digit-set.js";
import {button} from "./controls.js";
import {element} from "./element.js";
import {sharedDigits} from "./shared-digits.js";

/** Options of `digitsLoading`. */
export interface DigitsLoadingOptions {
  /** The address of the file: `FileAttachment("data/digits.bin").href`. */
  url: string;
  signal: AbortSignal;
  /** Called once, when the digits are there. */
  onSet?: (set: DigitSet) => void;
  /** Loads them; for tests. */
  load?: typeof sharedDigits;
}

/** The line that shows how far the digits are; empty and hidden before and after. */
export interface DigitsLoading extends HTMLElement {
  /**
   * Begins to load, at the first call; each call returns the same promise. It resolves to the digits, after a failure too,
   * once the reader has tried again with success; to undefined when the signal aborts first. It never rejects.
   */
  start(): Promise<DigitSet | undefined>;
}

/**
 * Loads the digits of a page when they are asked for, with a progress bar, and shows what went wrong with a button to try
 * again. All figures of a page share one load. It belongs inside a `live` frame, which gives its buttons their look:
 *
 *     const loading = digitsLoading({url, signal});
 *     const root = live("Noising a digit", loading, canvas);
 *     onVisible(root, (visible) => visible && void loading.start(), signal);
 *     const set = await loading.start(); // or in the listener of a button, so that nothing is loaded before
 *     if (set) root.badge(...sourceBadge(set));
 */
export function digitsLoading({url, signal, onSet, load = sharedDigits}: DigitsLoadingOptions): DigitsLoading {
  const filled = element("span");
  const bar = element(
    "div",
    {
      class: "meter",
      role: "progressbar",
      tabindex: -1,
      "aria-label": "Loading the digits",
      "aria-valuemin": 0,
      "aria-valuemax": 100
    },
    filled
  );
  const text = element("span", {"aria-hidden": "true"}); // the bar says it to those who listen
  const alert = element("div", {class: "live-alert", role: "alert", hidden: true});
  const root = element("div", {class: "digits-loading", hidden: true}, text, bar, alert);
  let started: Promise<DigitSet | undefined> | undefined;
  let finish: (set: DigitSet | undefined) => void;

  const show = (fraction: number) => {
    const percent = Math.floor(100 * fraction);
    text.textContent = `Loading the digits: ${percent}%`;
    filled.style.width = `${percent}%`;
    bar.setAttribute("aria-valuenow", String(percent));
  };
  const run = async (fresh: boolean) => {
    root.hidden = false;
    text.hidden = bar.hidden = false;
    alert.hidden = true;
    alert.replaceChildren();
    try {
      const set = await load(url, {onProgress: show, signal, fresh});
      root.hidden = true;
      onSet?.(set);
      finish(set);
    } catch (error) {
      if (signal.aborted) return;
      text.hidden = bar.hidden = true;
      alert.hidden = false;
      alert.replaceChildren(error instanceof Error ? error.message : String(error), button("Try again", again));
    }
  };
  // The browser's own copy may be what is damaged, so it is passed by.
  const again = () => {
    void run(true);
    bar.focus(); // the button that had the focus is gone
  };
  return Object.assign(root, {
    start() {
      started ??= new Promise<DigitSet | undefined>((resolve) => {
        finish = resolve;
        if (signal.aborted) return resolve(undefined);
        signal.addEventListener("abort", () => resolve(undefined), {once: true});
        void run(false);
      });
      return started;
    }
  });
}
