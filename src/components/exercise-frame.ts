import type {ExerciseAnswer} from "../lib/exercises/hand-in.js";
import {element} from "./element.js";
import {noteTry, onOtherTab, readAnswer} from "./exercise-progress.js";
import type {Verdict} from "./live-cell/cell-check.js";

/**
 * What stands around the cell of an exercise: the state of it, its hints, one after the other, and the explanation, which
 * opens when the answer is right. Hints and explanation are the `<details>` between the cell and the next heading.
 */
export function frameExercise(cell: HTMLElement): void {
  const state = element("p", {class: "exercise-state"});
  cell.prepend(state);
  inOrder(following(cell, "hint"));
  const name = cell.getAttribute("name")!;
  const before = readAnswer(name);
  show(state, before);
  if (before?.right) earn(cell);
  let touched = false; // by the reader: a page runs a kept edit by itself, which brings nothing back that was forgotten
  for (const sign of ["pointerdown", "keydown", "click"])
    cell.addEventListener(sign, () => (touched = true), {capture: true, once: true});
  onOtherTab(() => {
    const now = readAnswer(name);
    if (now?.right) earn(cell);
    if (now || state.hidden) return show(state, now);
    state.textContent = forgotten;
    state.classList.remove("exercise-solved");
  });
  cell.addEventListener("exercise-checked", (event) => {
    if (!touched && !readAnswer(name)) return;
    const {chapter, code, message = null} = (event as CustomEvent<Verdict>).detail;
    const {answer, problem} = noteTry({exercise: name, chapter, code, message});
    show(state, answer, problem);
    if (message !== null) return;
    earn(cell);
    for (const explanation of following(cell, "explanation")) explanation.open = true;
  });
}

const forgotten = "Your progress was forgotten in another tab. Your code stays here; the next run counts anew.";

// Where a course hides its solutions, an explanation is not to be seen before: src/styles/exercises.css.
function earn(cell: HTMLElement): void {
  for (const explanation of following(cell, "explanation")) explanation.dataset.earned = "";
}

/** Says in words what was done in an exercise. */
export function stateText({right, tries, time}: ExerciseAnswer): string {
  const date = new Date(time);
  const day = Number.isNaN(date.getTime())
    ? ""
    : ` on ${date.toLocaleDateString("en-GB", {day: "numeric", month: "long"})}`;
  const count = tries === 1 ? "1 try" : `${tries} tries`;
  return right ? `✔ Solved${day}, after ${count}.` : `Not solved yet: ${count} so far.`;
}

function show(state: HTMLElement, answer: ExerciseAnswer | undefined, problem = ""): void {
  state.hidden = !answer;
  if (!answer) return;
  state.textContent = `${stateText(answer)} ${problem}`.trim();
  state.classList.toggle("exercise-solved", answer.right);
}

// The next hint is there once the one before it has been opened.
function inOrder(hints: HTMLDetailsElement[]): void {
  for (const [i, hint] of hints.entries()) {
    const summary = hint.querySelector("summary");
    if (summary) summary.textContent = `Hint ${i + 1} of ${hints.length}`;
    hint.hidden = i > 0 && !hints[i - 1].open;
    hint.addEventListener("toggle", () => {
      if (hint.open && hints[i + 1]) hints[i + 1].hidden = false;
    });
  }
}

function following(cell: Element, kind: string): HTMLDetailsElement[] {
  const found: HTMLDetailsElement[] = [];
  for (let next = cell.nextElementSibling; next && !/^H[1-3]$/.test(next.tagName); next = next.nextElementSibling)
    if (next instanceof HTMLDetailsElement && next.classList.contains(kind)) found.push(next);
  return found;
}
