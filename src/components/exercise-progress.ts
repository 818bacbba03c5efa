import type {ExerciseAnswer} from "../lib/exercises/hand-in.js";

// What a reader has done in the exercises, in this browser's storage: one entry an exercise.

const prefix = "ddim-notebook/exercise/";
const nameKey = "ddim-notebook/hand-in-name";

/** What was done in an exercise, or undefined if it was not tried. */
export function readAnswer(exercise: string): ExerciseAnswer | undefined {
  const kept = readKept(exercise);
  return kept && withoutLast(kept);
}

/** Everything that was done, by the names of the exercises. */
export function readAnswers(): Map<string, ExerciseAnswer> {
  const answers = new Map<string, ExerciseAnswer>();
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(prefix)) continue;
      const exercise = key.slice(prefix.length);
      const answer = readAnswer(exercise);
      if (answer) answers.set(exercise, answer);
    }
  } catch {
    // storage is forbidden: as if nothing had been done
  }
  return answers;
}

/**
 * Notes a try. The code of an accepted answer stays, whatever is tried later; running what was run last once more, as a
 * page does when its reader comes back, is no new try. Returns the new state, and a sentence for the reader if the
 * browser does not keep it.
 */
export function noteTry(
  {exercise, chapter, code, message}: Pick<ExerciseAnswer, "exercise" | "chapter" | "code" | "message">,
  now = new Date()
): Noted {
  const before = readKept(exercise) ?? memory.get(exercise);
  const again = before?.last === code;
  const tries = (before?.tries ?? 0) + (again ? 0 : 1);
  const right = message === null;
  if (before && (again ? before.right === right || before.right : before.right && !right))
    return keep({...before, tries, last: code});
  return keep({exercise, chapter, code, right, message, tries, time: now.toISOString(), last: code});
}

/** What is known of an exercise now, and a sentence for the reader if the browser does not keep it. */
export interface Noted {
  answer: ExerciseAnswer;
  problem: string | undefined;
}

/** Takes answers from a file: a right one replaces one that is not, and otherwise the later one stays. */
export function takeAnswers(answers: readonly ExerciseAnswer[]): {taken: number; problem: string | undefined} {
  let taken = 0;
  let problem: string | undefined;
  for (const answer of answers) {
    const before = readAnswer(answer.exercise);
    if (before && (before.right !== answer.right ? before.right : before.time >= answer.time)) continue;
    problem ??= keep({...answer, last: answer.code}).problem;
    ++taken;
  }
  return {taken, problem};
}

/** Forgets everything that was done in the exercises. */
export function forgetAnswers(): void {
  for (const exercise of readAnswers().keys()) write(prefix + exercise, null);
  memory.clear();
}

/** The name that was last written into a file to hand in. */
export function readLearner(): string {
  return read(nameKey) ?? "";
}

export function writeLearner(name: string): void {
  write(nameKey, name);
}

/** Calls back when another tab has changed something. */
export function onOtherTab(changed: () => void, signal?: AbortSignal): void {
  addEventListener("storage", ({key}) => (key === null || key.startsWith(prefix)) && changed(), {signal});
}

interface Kept extends ExerciseAnswer {
  last: string; // the code that was run last
}

// Of this visit, for a browser that keeps nothing.
const memory = new Map<string, Kept>();

function keep(kept: Kept): Noted {
  const problem = write(prefix + kept.exercise, JSON.stringify({version: 1, ...kept}));
  if (problem) memory.set(kept.exercise, kept);
  else memory.delete(kept.exercise); // what another tab forgets does not come back from here
  return {answer: withoutLast(kept), problem};
}

function withoutLast({last: _, ...answer}: Kept): ExerciseAnswer {
  return answer;
}

function readKept(exercise: string): Kept | undefined {
  try {
    const {version, ...kept} = JSON.parse(read(prefix + exercise) ?? "{}") as Kept & {version?: number};
    const {chapter, code, right, message, tries, time, last = code} = kept;
    const texts = [chapter, code, time, last, message ?? ""].every((text) => typeof text === "string");
    const good = version === 1 && kept.exercise === exercise && texts && typeof right === "boolean";
    return good && Number.isFinite(tries)
      ? {exercise, chapter, code, right, message: message ?? null, tries, time, last}
      : undefined;
  } catch {
    return undefined; // not ours
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, text: string | null): string | undefined {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
    return undefined;
  } catch (error) {
    const full = error instanceof DOMException && /quota/i.test(error.name);
    return `This browser does not keep your progress: ${full ? "its storage is full" : "its storage is switched off"}.`;
  }
}
