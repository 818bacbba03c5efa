import type {HandIn} from "../lib/exercises/hand-in.js";
import {longestHandIn, readHandIn, writeHandIn} from "../lib/exercises/hand-in.js";
import {button} from "./controls.js";
import {element, uniqueId} from "./element.js";
import type {ExerciseSite} from "./exercise-list.js";
import {readAnswers, readLearner, takeAnswers, writeLearner} from "./exercise-progress.js";
import {saveFile} from "./save-file.js";

/** Where a reader saves their answers as one file, and loads such a file again. `update` is called when they have changed. */
export function handInForm({site, update}: {site: ExerciseSite; update: () => void}): HTMLElement {
  const id = uniqueId("learner");
  const name = element("input", {type: "text", id, autocomplete: "name", maxlength: 200});
  name.value = readLearner();
  name.addEventListener("input", () => writeLearner(name.value.trim()));
  const said = element("p", {class: "exercise-said", role: "status"});
  const alert = element("p", {class: "live-alert", role: "alert", hidden: true});
  const tell = (text: string, wrong = false): void => {
    said.textContent = wrong ? "" : text;
    alert.textContent = wrong ? text : "";
    alert.hidden = !wrong;
  };
  const hand = button("Hand in", () => save(site, name, tell), {primary: true});
  const fileId = uniqueId("answers");
  const file = element("input", {type: "file", id: fileId, accept: ".json,application/json"});
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    file.value = ""; // so that the same one can be chosen again
    if (chosen) void load(chosen, tell).then(update);
  });
  return element(
    "section",
    {class: "exercise-hand-in"},
    element("h3", {}, "Hand in"),
    element("div", {class: "controls"}, element("label", {for: id}, "Your name "), name, hand),
    element("div", {class: "controls"}, element("label", {for: fileId}, "Load such a file again "), file),
    said,
    alert
  );
}

type Tell = (text: string, wrong?: boolean) => void;

function save({course, site}: ExerciseSite, field: HTMLInputElement, tell: Tell): void {
  const name = field.value.trim();
  const answers = [...readAnswers().values()];
  if (!name) {
    field.focus();
    return tell("Write your name first, so that your teacher knows whose answers these are.", true);
  }
  if (!answers.length) return tell("There is nothing to hand in yet: run the code of an exercise first.", true);
  const text = writeHandIn({name, created: new Date().toISOString(), course, site, answers});
  const file = `answers-${fileName(name)}.json`;
  saveFile(new Blob([text], {type: "application/json"}), file);
  const solved = answers.filter(({right}) => right).length;
  tell(`Saved as ${file}: ${solved} solved, ${answers.length - solved} tried. Give this file to your teacher.`);
}

async function load(file: File, tell: Tell): Promise<void> {
  let handIn: HandIn;
  try {
    if (file.size > longestHandIn) throw new Error("The file is too large to be one that was handed in.");
    handIn = readHandIn(await file.text());
  } catch (error) {
    return tell(error instanceof Error ? error.message : String(error), true);
  }
  const {taken, problem} = takeAnswers(handIn.answers);
  const whose = handIn.name ? ` of ${handIn.name}` : "";
  tell(
    problem ?? `The file${whose} has ${handIn.answers.length} answers; ${taken} of them are new here.`,
    problem !== undefined
  );
}

function fileName(name: string): string {
  return (
    name
      .normalize("NFC")
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 60) || "me"
  );
}
