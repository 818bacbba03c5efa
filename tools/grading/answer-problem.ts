import type {Compiled} from "../../src/components/live-cell/compile.js";
import {CellError} from "../../src/components/live-cell/compile.js";

/** What an answer may use. */
export interface AnswerRules {
  hasGlobal(name: string): boolean; // whether the name is there without a cell that defines it
  hasModule(specifier: string): boolean;
}

/** Why code cannot be an answer: it takes a name of another cell, or imports what is not in ./lib/. */
export function answerProblem({inputs, imports}: Compiled, {hasGlobal, hasModule}: AnswerRules): CellError | undefined {
  const unknown = inputs.find(({name}) => !hasGlobal(name));
  if (unknown)
    return new CellError(`${unknown.name} is not defined: an exercise has no names of other cells.`, unknown.line);
  const missing = imports.find(({name}) => !hasModule(name));
  return (
    missing &&
    new CellError(`“${missing.name}” is not here to import: an exercise imports from ./lib/ only.`, missing.line)
  );
}
