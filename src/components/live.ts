import {button} from "./controls.js";
import {downloadMenu} from "./download-menu.js";
import {element} from "./element.js";
import {inWords} from "./load-failure.js";

/** Where a figure's numbers come from: the truth is said on every figure. */
export type BadgeKind = "exact" | "trained" | "pretrained" | "recorded";

const badgeText: Record<BadgeKind, string> = {
  exact: "exact",
  trained: "trained here",
  pretrained: "pretrained",
  recorded: "recorded"
};

/** The numbers behind a figure, for a download as CSV. */
export interface FigureTable {
  columns: string[];
  rows: (number | string)[][];
}

/** The frame of a live figure: badge, controls, drawing, status and alert. It belongs inside a `figure` with a caption. */
export interface Live extends HTMLElement {
  /** Says what the figure shows: its kind, and details such as backend and milliseconds a step. */
  badge(kind: BadgeKind, detail?: string): void;
  /**
   * Writes the status line (role `status`). Repeating the same text is not announced again. Of `passing` states of a run a
   * screen reader hears one in five seconds: it would read out the others long after they have passed.
   */
  say(text: string, passing?: boolean): void;
  /** Shows a sentence that the reader must see, with ways on as buttons; an empty text removes it. */
  alert(text: string, ways?: Record<string, () => void>): void;
  /** Says where the figure's numbers are to be had, as they are when asked for. */
  table(numbers: () => FigureTable): void;
  /** The figure's numbers now; null where it has none. */
  numbers(): FigureTable | null;
}

/** Makes the frame. `name` is read out for the group of controls; the children follow the badge in order. */
export function live(name: string, ...children: HTMLElement[]): Live {
  const badge = element("span", {class: "badge", hidden: true});
  const status = element("p", {class: "live-status", role: "status", tabindex: -1});
  const alert = element("div", {class: "live-alert", role: "alert", hidden: true});
  const head = element(
    "div",
    {class: "live-head"},
    badge,
    downloadMenu(() => frame)
  );
  const root = element("div", {class: "live", role: "group", "aria-label": name}, head, ...children, alert, status);
  let table: (() => FigureTable) | null = null;
  let lastHeard = -Infinity; // when the status was last announced
  const frame: Live = Object.assign(root, {
    table(numbers: () => FigureTable) {
      table = numbers;
    },
    numbers: () => table?.() ?? null,
    badge(kind: BadgeKind, detail?: string) {
      badge.hidden = false;
      badge.dataset.kind = kind;
      badge.textContent = detail ? `${badgeText[kind]}: ${detail}` : badgeText[kind];
    },
    say(text: string, passing = false) {
      if (status.textContent === text) return;
      const heard = !passing || performance.now() - lastHeard > 5000;
      if (heard) lastHeard = performance.now();
      status.setAttribute("aria-live", heard ? "polite" : "off");
      status.textContent = text;
    },
    alert(text: string, ways: Record<string, () => void> = {}) {
      const held = alert.contains(document.activeElement); // the keyboard is on a way that was chosen: it goes now
      alert.hidden = !text;
      alert.replaceChildren(inWords(text), ...Object.entries(ways).map(([label, action]) => button(label, action)));
      if (held) status.focus({preventScroll: true});
    }
  });
  return frame;
}

/** A number that matters, with what it is under it, and a meter when `share` (0 to 1) is given. */
export interface Reading extends HTMLElement {
  set(value: string, share?: number): void;
}

export function reading(label: string, color = "var(--theme-foreground)"): Reading {
  const value = element("span", {class: "reading-value"}, "–");
  const bar = element("span");
  const meter = element("span", {class: "meter", hidden: true, "aria-hidden": "true"}, bar);
  const name = element("span", {class: "reading-label"}, label);
  const root = element("div", {class: "reading", style: `--reading-color: ${color}`}, value, meter, name);
  return Object.assign(root, {
    set(text: string, share?: number) {
      value.textContent = text;
      meter.hidden = share === undefined;
      if (share !== undefined) bar.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
    }
  });
}

/** Readings side by side. */
export function readings(...items: Reading[]): HTMLElement {
  return element("div", {class: "readings"}, ...items);
}
