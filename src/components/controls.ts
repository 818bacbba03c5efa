import {element, uniqueId} from "./element.js";

/** A control with a value; it fires `input` when the reader changes it, so Framework's `view` can take it. */
export type Control<A> = HTMLElement & {value: A};

export interface SliderOptions {
  /** The accessible name, shown as the label: `eta`, `time`, `steps`, … */
  name: string;
  /** The letter that the text uses for it, shown after the name: `η`. */
  symbol?: string;
  min?: number; // defaults to 0
  max?: number; // defaults to 1
  step?: number; // defaults to 0.01
  value?: number; // defaults to min
  /** How the value is written; defaults to the number itself. */
  format?: (value: number) => string;
  /** A CSS colour for the thumb, e.g. `var(--ddim)`. */
  color?: string;
  wide?: boolean; // takes the width that is left
  /** Moves along the logarithm of the value, rounded to two figures; `min` and `max` are above 0, `step` is not used. */
  log?: boolean;
  /** Puts a number field in place of the written value, for an exact entry. It takes values beyond the slider's range. */
  entry?: boolean;
}

export interface Slider extends Control<number> {
  max: number;
}

/**
 * A range slider with its label and its value as text or as a number field. `value` is a number in [min, max]; with
 * `entry` it may lie outside, and what to say then is the figure's business.
 */
export function slider(options: SliderOptions): Slider {
  const {name, symbol, min = 0, max = 1, step = 0.01, value = min, format = String, color, wide, entry, log} = options;
  const id = uniqueId("slider");
  const place = (v: number) => (log ? Math.log10(Math.max(v, min)) : v); // of a value on the range
  const valueAt = (p: number) => (log ? Number((10 ** p).toPrecision(2)) : p);
  const range = {min: place(min), max: place(max), step: log ? 0.01 : step, value: place(value)};
  const input = element("input", {type: "range", id, ...range, "aria-label": name});
  const output = element("span", {class: "control-value", "aria-hidden": "true"}); // read out as the slider’s aria-valuetext
  const field = element("input", {
    type: "number",
    class: "entry",
    min: log ? 0 : min,
    step: log ? "any" : step,
    value,
    "aria-label": `${name}, as a number`
  });
  const label = element("label", {for: id}, name, symbol ? element("i", {"aria-hidden": "true"}, ` ${symbol}`) : null);
  const root = element(
    "div",
    {class: wide ? "control wide" : "control", style: color ? `--control-color: ${color}` : null},
    element("div", {class: "control-label"}, label, entry ? field : output),
    input
  );
  let current = value;
  const show = (next: number, from?: HTMLInputElement) => {
    current = next;
    if (from !== input) input.valueAsNumber = place(next);
    if (from !== field) field.valueAsNumber = next;
    const text = format(next);
    if (input.getAttribute("aria-valuetext") === text) return;
    output.textContent = text;
    input.setAttribute("aria-valuetext", text);
  };
  input.addEventListener("input", () => show(valueAt(input.valueAsNumber), input));
  field.addEventListener("input", (event) => {
    if (Number.isNaN(field.valueAsNumber))
      event.stopPropagation(); // half typed
    else show(field.valueAsNumber, field);
  });
  show(value);
  Object.defineProperties(root, {
    value: {get: () => current, set: (next: number) => show(next)},
    max: {
      get: () => valueAt(Number(input.max)),
      set(next: number) {
        input.max = String(place(next));
        show(current);
      }
    }
  });
  return root as unknown as Slider;
}

export interface SelectOptions<A extends string> {
  name: string; // the accessible name, shown as the label
  options: readonly {value: A; label: string}[];
  value?: A; // defaults to the first option
  long?: boolean; // its texts are: on a phone it has a row of its own
}

/** A drop-down list. `value` is the chosen option's value. */
export function select<A extends string>({name, options, value, long}: SelectOptions<A>): Control<A> {
  const id = uniqueId("select");
  const list = element(
    "select",
    {id, "aria-label": name},
    ...options.map((o) => element("option", {value: o.value, selected: o.value === value}, o.label))
  );
  const root = element(
    "div",
    {class: long ? "control long" : "control", style: "grid-template-columns: minmax(0, 1fr)"},
    element("div", {class: "control-label"}, element("label", {for: id}, name)),
    list
  );
  Object.defineProperty(root, "value", {
    get: () => list.value,
    set(next: string) {
      list.value = next;
    }
  });
  return root as unknown as Control<A>;
}

/** A box to tick. `value` is whether it is ticked. */
export function checkbox({name, value = false}: {name: string; value?: boolean}): Control<boolean> {
  const input = element("input", {type: "checkbox", checked: value});
  const root = element("label", {class: "control checkbox"}, element("span", {}, input, ` ${name}`));
  Object.defineProperty(root, "value", {
    get: () => input.checked,
    set(next: boolean) {
      input.checked = next;
    }
  });
  return root as unknown as Control<boolean>;
}

export interface ButtonOptions {
  primary?: boolean; // the one that the reader should press first
  disabled?: boolean;
  title?: string;
}

/** A button whose accessible name is its text. */
export function button(name: string, onclick: () => void, options: ButtonOptions = {}): HTMLButtonElement {
  const {primary, disabled, title} = options;
  return element("button", {type: "button", class: primary ? "primary" : null, disabled, title, onclick}, name);
}

/** Buttons that belong together, on one line. */
export function buttonRow(...buttons: HTMLElement[]): HTMLElement {
  return element("div", {class: "control button-row"}, ...buttons);
}

/** A line of controls. */
export function controls(...items: (HTMLElement | null | false)[]): HTMLElement {
  return element("div", {class: "controls"}, ...items);
}

/**
 * Switches a button off, or on again. A button that has the focus keeps it until the reader leaves it, and does nothing
 * meanwhile: one that is `disabled` drops the focus, and a screen reader begins again at the top of the page.
 */
export function switchOff(target: HTMLButtonElement, off: boolean): void {
  const held = off && !target.disabled && document.activeElement === target;
  target.disabled = off && !held;
  if (!held) return target.removeAttribute("aria-disabled");
  target.setAttribute("aria-disabled", "true");
  target.addEventListener("click", refuse, {capture: true});
  target.addEventListener("blur", leave);
}

function refuse(event: Event): void {
  if ((event.currentTarget as Element).hasAttribute("aria-disabled")) event.stopImmediatePropagation();
}

// Not where the whole window is left: the button has the focus still.
function leave({currentTarget}: Event): void {
  const target = currentTarget as HTMLButtonElement;
  if (target.hasAttribute("aria-disabled") && document.activeElement !== target) switchOff(target, true);
}
