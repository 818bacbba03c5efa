import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {longestHandIn, readHandIn, writeHandIn} from "../../lib/exercises/hand-in.js";
import {fileOf, sampleAnswer} from "./sample-answer.js";

const answer = sampleAnswer;
const rest = {...fileOf, name: "Ada Lovelace"};

describe("a file that is handed in", () => {
  it("comes back as it was written", () => {
    const {format, version, seed, ...read} = readHandIn(writeHandIn({...rest, answers: [answer]}));
    assert.deepEqual(read, {...rest, answers: [answer]});
    assert.equal(format, "ddim-notebook hand-in");
    assert.deepEqual([version, seed], [1, 1]);
  });

  const change = (part: object): string =>
    JSON.stringify({...JSON.parse(writeHandIn({...rest, answers: [answer]})), ...part});
  const faults: [what: string, text: string, says: RegExp][] = [
    ["no JSON", "{", /it is not JSON/],
    ["another kind of JSON", "[1]", /no hand-in file of this course/],
    ["nothing", "null", /no hand-in file of this course/],
    ["a later version", change({version: 2}), /another version of the course/],
    ["no list of answers", change({answers: {}}), /its list of answers cannot be read/],
    ["too many answers", change({answers: Array(1001).fill(answer)}), /its list of answers/],
    ["an answer that is none", change({answers: [answer, 7]}), /answer 2 cannot be read/],
    ["a name that no exercise has", change({answers: [{...answer, exercise: "__proto__"}]}), /answer 1 cannot be read/],
    ["code that is too long", change({answers: [{...answer, code: "1".repeat(100_001)}]}), /100001 characters of code/],
    ["two answers to one exercise", change({answers: [answer, answer]}), /two answers to the exercise two-errors/],
    ["too long a text", " ".repeat(longestHandIn + 1), /has 5000001 characters/]
  ];
  for (const [what, text, says] of faults) {
    it(`is refused in a sentence: ${what}`, () => {
      assert.throws(
        () => readHandIn(text),
        (error) => error instanceof Error && says.test(error.message) && /\.$/.test(error.message)
      );
    });
  }

  it("keeps only what it should have, and of that nothing odd", () => {
    const odd = {...answer, right: "yes", tries: -3, time: 7, message: 9, more: 1};
    const read = readHandIn(change({name: `  Eve\u0000\u202e\n${"x".repeat(2000)}`, seed: "?", answers: [odd]}));
    assert.match(read.name, /^Eve x+$/);
    assert.equal(read.name.length <= 1000, true);
    assert.equal(read.seed, 0);
    assert.deepEqual(read.answers, [{...answer, right: false, tries: 0, time: "", message: null}]);
  });
});
