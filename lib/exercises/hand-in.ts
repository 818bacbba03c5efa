/** What a learner has done in an exercise. */
export interface ExerciseAnswer {
  exercise: string;
  chapter: string;
  code: string; // of the accepted answer, or else of the last try
  right: boolean;
  message: string | null; // what was said of the last try; nothing for a right one
  tries: number;
  time: string; // ISO 8601, of the accepted answer, or else of the last try
}

/** A file that a learner hands in. */
export interface HandIn {
  format: typeof handInFormat;
  version: 1;
  name: string; // the learner's
  created: string; // ISO 8601
  course: string; // the version of the course
  site: string; // changes when an exercise or a check does
  seed: number; // that the checks draw from
  answers: ExerciseAnswer[];
}

export const handInFormat = "ddim-notebook hand-in";

/** The seed of whatever a check draws at random. */
export const checkSeed = 1;

/** The largest file that is looked at, in characters. */
export const longestHandIn = 5_000_000;

const longestCode = 100_000;
const longestText = 1000;
const mostAnswers = 1000;

/** Writes a file to hand in: JSON. */
export function writeHandIn(handIn: Omit<HandIn, "format" | "version" | "seed">): string {
  const file: HandIn = {format: handInFormat, version: 1, ...handIn, seed: checkSeed};
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Reads a file that was handed in. Throws an Error whose message is a sentence for the reader where it is none; what the
 * file says of itself is text, never to be relied on.
 */
export function readHandIn(text: string): HandIn {
  if (text.length > longestHandIn)
    throw new Error(`The file has ${text.length} characters; one that was handed in has at most ${longestHandIn}.`);
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error("The file is damaged, or no hand-in file of this course: it is not JSON.");
  }
  if (!isRecord(file) || file.format !== handInFormat)
    throw new Error("This is no hand-in file of this course. Choose one that the button “Hand in” has saved.");
  if (file.version !== 1)
    throw new Error("The file was written by another version of the course, which writes it in another form.");
  if (!Array.isArray(file.answers) || file.answers.length > mostAnswers)
    throw new Error("The file is damaged: its list of answers cannot be read.");
  const answers = file.answers.map(readAnswer);
  const names = answers.map(({exercise}) => exercise);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new Error(`The file is damaged: it has two answers to the exercise ${twice}.`);
  return {
    format: handInFormat,
    version: 1,
    name: textOf(file.name),
    created: textOf(file.created),
    course: textOf(file.course),
    site: textOf(file.site),
    seed: numberOf(file.seed),
    answers
  };
}

function readAnswer(value: unknown, i: number): ExerciseAnswer {
  const {exercise, chapter, code, right, message, tries, time} = isRecord(value) ? value : {};
  const good = typeof exercise === "string" && /^[a-z][a-z0-9-]{0,99}$/.test(exercise) && typeof code === "string";
  if (!good) throw new Error(`The file is damaged: answer ${i + 1} cannot be read.`);
  if (code.length > longestCode)
    throw new Error(
      `The file is damaged: answer ${i + 1} has ${code.length} characters of code, not at most ${longestCode}.`
    );
  return {
    exercise,
    chapter: textOf(chapter),
    code,
    right: right === true,
    message: typeof message === "string" ? textOf(message) : null,
    tries: Math.max(0, Math.min(1e6, Math.round(numberOf(tries)))),
    time: textOf(time)
  };
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0; // and never an object with a valueOf of its own
}

function textOf(value: unknown): string {
  return typeof value === "string" ? plainText(value) : "";
}

/** A name for a table or a terminal: without control characters, which no name has, and not without end. */
export function plainText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .slice(0, longestText)
    .trim();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
