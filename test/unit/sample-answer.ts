/** An answer to an exercise and the rest of a file that is handed in, for tests. */
import type {ExerciseAnswer, HandIn} from "../../lib/exercises/hand-in.js";

export const sampleAnswer: ExerciseAnswer = {
  exercise: "two-errors",
  chapter: "mnist",
  code: "const ratio = 1;",
  right: false,
  message: "your code defines no function ratio.",
  tries: 2,
  time: "2026-01-02T03:04:05.000Z"
};

/** The same, solved with this code. */
export const solvedWith = (code: string): ExerciseAnswer => ({...sampleAnswer, code, right: true, message: null});

export const fileOf: Pick<HandIn, "name" | "created" | "course" | "site"> = {
  name: "Ada",
  created: "2026-01-02T03:04:05.000Z",
  course: "0.1.0",
  site: "here"
};
