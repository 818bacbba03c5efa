/** The exercises of all pages by chapter, for the page /exercises and for the files that learners hand in. */
import {exerciseSite} from "../../tools/exercises.js";

process.stdout.write(JSON.stringify(exerciseSite()));
