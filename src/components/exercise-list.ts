import type {ExerciseAnswer} from "../lib/exercises/hand-in.js";
import {button, select} from "./controls.js";
import {element} from "./element.js";
import {handInForm} from "./exercise-hand-in.js";
import {stateText} from "./exercise-frame.js";
import {forgetAnswers, onOtherTab, readAnswers} from "./exercise-progress.js";
import {lifetime} from "./lifetime.js";

/** The exercises of the site, as src/data/exercises.json has them. */
export interface ExerciseSite {
  course: string; // the version of the course
  site: string; // changes when an exercise or a check does
  chapters: ExerciseChapter[];
}

export interface ExerciseChapter {
  chapter: string; // as its page's file is named
  title: string; // with its number
  exercises: {name: string; title: string; anchor: string}[]; // the anchor is the id of the heading
}

export interface ExerciseListOptions {
  site: ExerciseSite;
  invalidation: Promise<unknown>;
}

type Shown = "all" | "open" | "solved";

/** All exercises of the site by chapter, with what the reader has done in each, and what can be done with that. */
export function exerciseList({site, invalidation}: ExerciseListOptions): HTMLElement {
  const count = element("p", {class: "exercise-count", role: "status"});
  const filter = select<Shown>({
    name: "show",
    options: [
      {value: "all", label: "all exercises"},
      {value: "open", label: "those to be solved"},
      {value: "solved", label: "those that are solved"}
    ]
  });
  const list = element("div", {class: "exercise-chapters"});
  const update = (): void => {
    const answers = readAnswers();
    count.textContent = countText(site, answers);
    list.replaceChildren(...site.chapters.map((chapter) => chapterPart(chapter, answers, filter.value)));
  };
  filter.addEventListener("input", update);
  onOtherTab(update, lifetime(invalidation));
  // A page that the browser brings back as it was, after an exercise on another.
  addEventListener("pageshow", update, {signal: lifetime(invalidation)});
  update();
  return element(
    "div",
    {class: "exercise-list"},
    count,
    element("div", {class: "controls"}, filter),
    list,
    handInForm({site, update}),
    forgetting(update)
  );
}

/** Where an exercise stands, from any page at the top of the site. */
export function exerciseLink(chapter: string, anchor: string): string {
  return `./${chapter}.html#${anchor}`;
}

function chapterPart(
  {chapter, title, exercises}: ExerciseChapter,
  answers: ReadonlyMap<string, ExerciseAnswer>,
  shown: Shown
): HTMLElement {
  const solved = exercises.filter(({name}) => answers.get(name)?.right).length;
  const items = exercises
    .filter(({name}) => shown === "all" || (shown === "solved") === (answers.get(name)?.right === true))
    .map(({name, title, anchor}) => {
      const answer = answers.get(name);
      const link = element("a", {href: exerciseLink(chapter, anchor)}, title);
      const state = element("span", {class: "exercise-state"}, answer ? stateText(answer) : "Not tried yet.");
      return element("li", {class: answer?.right ? "exercise-solved" : null, "data-exercise": name}, link, " ", state);
    });
  return element(
    "section",
    {hidden: items.length === 0},
    element("h3", {}, `${title}: ${solved} of ${exercises.length}`),
    element("ul", {}, ...items)
  );
}

function countText({chapters}: ExerciseSite, answers: ReadonlyMap<string, ExerciseAnswer>): string {
  const all = chapters.flatMap(({exercises}) => exercises.map(({name}) => answers.get(name)));
  const solved = all.filter((answer) => answer?.right).length;
  const tried = all.filter((answer) => answer && !answer.right).length;
  if (solved === all.length) return `You have solved all ${all.length} exercises.`;
  return `You have solved ${solved} of ${all.length} exercises${tried ? `, and tried ${tried} more` : ""}.`;
}

// Asked for twice, in place: what is forgotten does not come back.
function forgetting(update: () => void): HTMLElement {
  const ask = button("Forget my progress", () => question(true));
  const yes = button("Yes, forget it", () => {
    forgetAnswers();
    update();
    question(false);
    said.textContent = "It is forgotten.";
  });
  const no = button("No, keep it", () => question(false));
  const sure = element("span", {}, "All of your answers in this browser go, for good. ");
  const said = element("span", {role: "status"});
  const asked = element("div", {class: "exercise-sure", hidden: true}, sure, yes, " ", no);
  const question = (open: boolean): void => {
    asked.hidden = !open;
    ask.hidden = open;
    said.textContent = "";
    (open ? no : ask).focus();
  };
  return element("div", {class: "exercise-forget"}, ask, asked, said);
}
