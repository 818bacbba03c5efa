import type {Code} from "./code.js";
import type {States} from "./run.js";
import {rightRun} from "./run.js";
import type {Scene, World} from "./scene.js";

/** A possible answer to “what will happen?”, and what is said of it. */
export interface Choice {
  text: string;
  says: string;
  right?: boolean;
}

/** Which of the two scenes of an exhibit: the one where the bug shows, and the one where it hides. */
export type SceneName = "shows" | "hides";

/** A bug of the museum. Its code, its fix and its test stand on the page; here is how it is shown. */
export interface Exhibit {
  name: string; // of its cell, and of its place on the page
  title: string;
  line: string; // in the list of exhibits
  question: string;
  choices: Choice[];
  scenes: Record<SceneName, Scene>;
  /** Runs code of the exhibit's form in a scene's world; throws a sentence when it is no such code. */
  run(code: Code, world: World): Promise<States>;
  /** Runs what is right in that world. */
  right(world: World): Promise<States>;
}

/** What an author writes: `run` gets code of the form that its runner takes. */
export interface ExhibitDraft<C extends Code> extends Omit<Exhibit, "run" | "right"> {
  run(code: C, world: World): Promise<States>;
  right?(world: World): Promise<States>; // defaults to the library's DDIM
}

/** Makes an exhibit. What a reader's cell gives is not of a known type, so the runners look at what comes out of it. */
export function makeExhibit<C extends Code>({run, right = rightRun, ...rest}: ExhibitDraft<C>): Exhibit {
  return {
    ...rest,
    right: async (world) => right(world),
    async run(code, world) {
      if (typeof code !== "function") throw new TypeError("the cell defines no function");
      return run(code as C, world);
    }
  };
}
