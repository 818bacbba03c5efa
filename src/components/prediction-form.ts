import type {Choice} from "../lib/errata/exhibit.js";
import {button} from "./controls.js";
import {element, uniqueId} from "./element.js";
import {onPrediction, readPrediction, writePrediction} from "./predictions.js";

export interface PredictionFormOptions {
  exhibit: string; // the name under which the guess is kept
  question: string;
  choices: readonly Choice[];
  /** Called when the reader has guessed, or wants to see without a guess. */
  onOpen: (byHand: boolean) => void;
  signal: AbortSignal;
}

/**
 * “What will happen?” with its choices. A guess is kept in this browser and is final, until all are forgotten; then it says
 * what is true of the choice, and which one is right.
 */
export function predictionForm({exhibit, question, choices, onOpen, signal}: PredictionFormOptions): HTMLElement {
  const group = uniqueId("guess");
  const inputs = choices.map((_, i) => element("input", {type: "radio", name: group, value: i, id: `${group}-${i}`}));
  const labels = inputs.map((input, i) =>
    element("label", {for: input.id}, input, element("span", {}, choices[i].text))
  );
  const guess = button("That is my guess", () => settle(), {primary: true, disabled: true});
  const look = button("Show it without a guess", () => onOpen(true));
  const buttons = element("div", {class: "button-row"}, guess, look);
  const feedback = element("p", {class: "prediction-says", "aria-live": "polite", tabindex: -1});
  const root = element(
    "fieldset",
    {class: "prediction"},
    element("legend", {}, element("b", {}, "What will happen? "), question),
    ...labels,
    buttons,
    feedback
  );
  for (const input of inputs) input.addEventListener("change", () => (guess.disabled = false));
  onPrediction(show, signal);
  show();
  if (readPrediction(exhibit) !== null) onOpen(false);
  return root;

  function settle(): void {
    const at = inputs.findIndex((input) => input.checked);
    if (at < 0) return;
    const inside = root.contains(document.activeElement);
    const problem = writePrediction(exhibit, choices[at].text);
    if (problem) feedback.append(` ${problem}`);
    onOpen(true);
    if (inside) feedback.focus({preventScroll: true}); // the button that had it is gone
  }

  function show(): void {
    const kept = readPrediction(exhibit);
    const at = choices.findIndex(({text}) => text === kept);
    root.toggleAttribute("data-settled", at >= 0);
    for (const [i, input] of inputs.entries()) {
      input.disabled = at >= 0;
      if (at >= 0) input.checked = i === at;
      else if (root.hasAttribute("data-answer")) input.checked = false;
      const mark = at < 0 ? "" : choices[i].right ? "right" : i === at ? "wrong" : "";
      labels[i].dataset.mark = mark;
    }
    if (at >= 0) root.dataset.answer = choices[at].right ? "right" : "wrong";
    else delete root.dataset.answer;
    buttons.hidden = at >= 0;
    guess.disabled = !inputs.some((input) => input.checked);
    feedback.textContent = at < 0 ? "" : said(choices[at]);
  }

  function said(choice: Choice): string {
    if (choice.right) return `✔ Right. ${choice.says}`;
    const right = choices.find((one) => one.right)!;
    return `✘ Not so. ${choice.says} What happens: ${lowerFirst(right.text)} ${right.says}`;
  }
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text;
}
