import assert from "node:assert/strict";
import {afterEach, beforeEach, describe, it} from "node:test";
import {
  forgetAnswers,
  noteTry,
  readAnswer,
  readAnswers,
  readLearner,
  takeAnswers,
  writeLearner
} from "../../src/components/exercise-progress.js";

/** As a browser's, with its entries as own properties. */
class FakeStorage {
  getItem(key: string): string | null {
    return ((this as Record<string, unknown>)[key] as string | undefined) ?? null;
  }
  setItem(key: string, text: string): void {
    (this as Record<string, unknown>)[key] = text;
  }
  removeItem(key: string): void {
    delete (this as Record<string, unknown>)[key];
  }
}

const storage = (value: unknown): void => void Object.assign(globalThis, {localStorage: value});
beforeEach(() => storage(new FakeStorage()));
afterEach(() => {
  forgetAnswers();
  delete (globalThis as {localStorage?: unknown}).localStorage;
});

const at = (hour: number): Date => new Date(Date.UTC(2026, 0, 1, hour));
const note = (code: string, message: string | null, hour = 1) =>
  noteTry({exercise: "a-b", chapter: "ddim", code, message}, at(hour));

describe("the progress in the exercises", () => {
  it("counts tries, and keeps the code and the time of the last until one is right", () => {
    assert.equal(readAnswer("a-b"), undefined);
    note("1", "too small", 1);
    const {answer, problem} = note("2", "too large", 2);
    assert.equal(problem, undefined);
    const expected = {exercise: "a-b", chapter: "ddim", code: "2", right: false, message: "too large", tries: 2};
    assert.deepEqual(answer, {...expected, time: at(2).toISOString()});
    assert.deepEqual(readAnswer("a-b"), answer);
    assert.deepEqual([...readAnswers().keys()], ["a-b"]);
  });

  it("brings nothing back that another tab has forgotten", () => {
    note("1", "no");
    note("2", null);
    localStorage.removeItem("ddim-notebook/exercise/a-b");
    assert.equal(note("3", "no").answer.tries, 1);
    assert.equal(readAnswer("a-b")!.right, false);
  });

  it("keeps an accepted answer whatever is tried later, and takes a better one", () => {
    note("1", "no");
    note("2", null, 2);
    note("3", "no", 3);
    assert.deepEqual([readAnswer("a-b")!.code, readAnswer("a-b")!.right, readAnswer("a-b")!.tries], ["2", true, 3]);
    assert.equal(readAnswer("a-b")!.time, at(2).toISOString());
    note("4", null, 4);
    assert.deepEqual([readAnswer("a-b")!.code, readAnswer("a-b")!.time], ["4", at(4).toISOString()]);
  });

  it("takes no notice when the last code is run once more, unless the check has come to like it", () => {
    note("1", null);
    note("2", "no");
    note("2", "no");
    assert.equal(readAnswer("a-b")!.tries, 2);
    forgetAnswers();
    note("1", "no");
    note("1", null);
    assert.deepEqual([readAnswer("a-b")!.right, readAnswer("a-b")!.tries], [true, 1]);
  });

  it("takes answers from a file: a right one before a wrong one, and else the later", () => {
    note("mine", null, 5);
    const {answer} = note("mine", null);
    const other = {...answer, exercise: "c", code: "theirs", right: false, message: "no", time: at(9).toISOString()};
    assert.deepEqual(takeAnswers([{...answer, code: "x", right: false, time: at(9).toISOString()}, other]), {
      taken: 1,
      problem: undefined
    });
    assert.equal(readAnswer("a-b")!.code, "mine");
    assert.equal(takeAnswers([{...other, code: "old", time: at(1).toISOString()}]).taken, 0);
    assert.equal(takeAnswers([{...other, code: "right", right: true, time: at(1).toISOString()}]).taken, 1);
    assert.equal(readAnswer("c")!.code, "right");
  });

  it("is forgotten on request, and the learner's name is not", () => {
    note("1", null);
    writeLearner("Ada");
    forgetAnswers();
    assert.equal(readAnswers().size, 0);
    assert.equal(readLearner(), "Ada");
  });

  it("says in a sentence that a browser keeps nothing, and still counts until the page is left", () => {
    const refuse = () => {
      throw new Error("denied");
    };
    storage({getItem: refuse, setItem: refuse, removeItem: refuse});
    note("1", "no");
    const {answer, problem} = note("2", null);
    assert.match(problem!, /does not keep your progress: its storage is switched off\.$/);
    assert.deepEqual([answer.tries, answer.right], [2, true]);
  });

  it("takes what is not its own for nothing", () => {
    localStorage.setItem("ddim-notebook/exercise/a-b", "{");
    localStorage.setItem("ddim-notebook/exercise/c", '{"version": 2}');
    assert.equal(readAnswer("a-b"), undefined);
    assert.equal(readAnswers().size, 0);
  });
});
