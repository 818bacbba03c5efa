import type {Exhibit} from "../lib/errata/exhibit.js";
import {button} from "./controls.js";
import {element} from "./element.js";
import {lifetime} from "./lifetime.js";
import {forgetPredictions, onPrediction, readPrediction} from "./predictions.js";

export interface ExhibitGalleryOptions {
  exhibits: readonly Exhibit[];
  invalidation?: Promise<unknown>;
}

/** The list of all exhibits with one line each, and the reader's score. Links lead to the headings of the same names. */
export function exhibitGallery({exhibits, invalidation}: ExhibitGalleryOptions): HTMLElement {
  const signal = lifetime(invalidation);
  const score = element("p", {class: "gallery-score", role: "status"});
  const forget = button("Forget my guesses", forgetPredictions);
  const marks = exhibits.map(() => element("span", {class: "gallery-mark"}));
  const items = exhibits.map(({name, title, line}, i) =>
    element("li", {}, marks[i], element("a", {href: `#${name}`}, title), element("span", {}, ` ${line}`))
  );
  const root = element(
    "div",
    {class: "live gallery", role: "group", "aria-label": "The exhibits, and your guesses"},
    score,
    element("ol", {}, ...items),
    forget
  );
  onPrediction(show, signal);
  show();
  return root;

  function show(): void {
    const states = exhibits.map(stateOf);
    states.forEach((state, i) => {
      marks[i].dataset.state = state;
      marks[i].textContent = {none: "", right: "✔ ", wrong: "✘ "}[state];
      if (state === "none") marks[i].removeAttribute("aria-label");
      else marks[i].setAttribute("aria-label", state === "right" ? "predicted" : "not predicted");
      if (state === "none") marks[i].removeAttribute("role");
      else marks[i].setAttribute("role", "img");
    });
    const guessed = states.filter((state) => state !== "none").length;
    const right = states.filter((state) => state === "right").length;
    score.textContent = guessed
      ? `You have predicted ${right} of ${exhibits.length}${guessed < exhibits.length ? `; ${exhibits.length - guessed} are still to be guessed` : ""}.`
      : `${exhibits.length} exhibits. You have not guessed yet.`;
    forget.hidden = guessed === 0;
  }
}

function stateOf({name, choices}: Exhibit): "none" | "right" | "wrong" {
  const kept = readPrediction(name);
  const choice = choices.find(({text}) => text === kept);
  if (!choice) return "none";
  return choice.right ? "right" : "wrong";
}
