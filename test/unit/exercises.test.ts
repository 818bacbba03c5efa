import assert from "node:assert/strict";
import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {describe, it} from "node:test";
import {chaptersWithChecks, loadChecks} from "../../lib/exercises/load-checks.js";
import {chapterFile, chapters} from "../../tools/chapters.js";
import {judgeCode} from "../../tools/exercise-runner.js";
import {siteExercises} from "../../tools/exercises.js";

/** Pages of the course that are no chapters, and have no exercises of their own. */
const noChapters = new Set(["exercises", "notation", "references", "speed", "teach", "playground"]);

const least = 4; // exercises a chapter
const slowest = 2000; // milliseconds for one answer; a page gives it less than that, on a machine that does nothing else

const exercises = siteExercises();
const written = chapters
  .map((chapter) => chapterFile(chapter).replace(/\.md$/, ""))
  .filter((name) => existsSync(join("src", `${name}.md`)));

describe("the exercises of the site", () => {
  for (const chapter of written.filter((name) => !noChapters.has(name))) {
    it(`are at least ${least} on the page ${chapter}`, () => {
      const count = exercises.filter((exercise) => exercise.chapter === chapter).length;
      assert.ok(count >= least, `src/${chapter}.md has ${count} exercises with a check`);
    });
  }

  it("are on chapters only, and each name is there once", () => {
    const strays = exercises.filter(({chapter}) => !written.includes(chapter) || noChapters.has(chapter));
    assert.deepEqual(
      strays.map(({file, name}) => `${file}: ${name}`).filter((place) => !/^src\/teach\.md:/.test(place)),
      []
    );
    const names = exercises.map(({name}) => name);
    assert.deepEqual(
      names.filter((name, i) => names.indexOf(name) < i),
      []
    );
  });

  it("have a check each, and no check is left over", async () => {
    for (const chapter of chaptersWithChecks) {
      const names = exercises.filter((exercise) => exercise.chapter === chapter).map(({name}) => name);
      assert.deepEqual(Object.keys(await loadChecks(chapter)).sort(), names.sort(), `lib/exercises/${chapter}.ts`);
    }
  });

  it("have their checks in files that load-checks.ts knows", () => {
    const files = readdirSync("lib/exercises").map((name) => name.replace(/\.ts$/, ""));
    const parts = (name: string) => chaptersWithChecks.some((chapter) => name.startsWith(`${chapter}-`));
    const checks = files.filter(
      (name) => !["check", "formula-check", "hand-in", "load-checks"].includes(name) && !parts(name)
    );
    assert.deepEqual(checks.sort(), [...chaptersWithChecks].sort());
  });
});

for (const exercise of exercises) {
  const {name, file, line, start, solution, wrong} = exercise;
  describe(`the exercise ${name}`, () => {
    const place = `${file}:${line}`;

    it("accepts its solution", async () => {
      const began = performance.now();
      assert.equal(await judgeCode(solution, exercise), undefined, place);
      const time = performance.now() - began;
      assert.ok(time < slowest, `${place}: the check took ${Math.round(time)} ms`);
    });

    it("says in a sentence what the start lacks", async () => {
      const message = await judgeCode(start, exercise);
      assert.ok(message !== undefined, `${place}: the code to begin with is accepted`);
      assertSentence(message, place);
    });

    it("gives each named wrong answer its own message", async () => {
      const messages: string[] = [];
      for (const {code, says, line} of wrong) {
        const place = `${file}:${line}`;
        const message = await judgeCode(code, exercise);
        assert.ok(message !== undefined, `${place}: the wrong answer is accepted`);
        assert.ok(message.includes(says), `${place}: the message “${message}” does not say “${says}”`);
        assertSentence(message, place);
        messages.push(message);
      }
      assert.equal(
        new Set(messages).size,
        messages.length,
        `${place}: two wrong answers get one message: ${messages.join(" | ")}`
      );
    });

    it("does not take nothing for an answer", async () => {
      const message = await judgeCode("const nothing = 0;", exercise);
      assert.ok(message !== undefined, `${place}: code that defines nothing is accepted`);
      assertSentence(message, place);
    });

    it("has a heading to link to, two or three hints, and an explanation", () => {
      assert.ok(exercise.hints >= 2 && exercise.hints <= 3, `${place}: there are ${exercise.hints} hints`);
      assert.ok(exercise.explained, `${place}: there is no explanation`);
      assert.ok(exercise.title.length > 0 && exercise.title !== name, `${place}: it has no title`);
    });
  });
}

function assertSentence(message: string, place: string): void {
  assert.ok(/\s/.test(message) && /[.?!”)]$/.test(message), `${place}: “${message}” is no sentence`);
}
