import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {CourseConfig} from "../../tools/course.js";
import {courseChapters, courseParts, courseProblems} from "../../tools/course.js";
import {allParts} from "../../tools/chapters.js";
import {framePage} from "../../tools/page-frame.js";
import {frameworkPage} from "./framework-page.js";

const course: CourseConfig = {
  title: "A course",
  term: "",
  links: [],
  chapters: "all",
  solutions: "shown",
  figures: {points: "moons", schedule: "linear", steps: 50, seed: 1}
};
const paths = allParts.flatMap(({chapters}) => chapters.map(({path}) => path));
const problems = (changes: Partial<CourseConfig>) => courseProblems({...course, ...changes}, paths, ["moons", "tri"]);

describe("a course", () => {
  it("shows all chapters as they are unless it lists them", () => {
    assert.deepEqual(courseParts(course, allParts), allParts);
    assert.deepEqual(
      courseChapters(course, allParts),
      allParts.flatMap((part) => part.chapters)
    );
  });

  it("shows the chapters of its list in its order, and numbers them anew; appendices keep their letters", () => {
    const shown = courseParts({chapters: ["/", "/ddim", "/forward", "/notation"]}, allParts);
    assert.deepEqual(
      shown.map(({name, chapters}) => [name, ...chapters.map(({path, number}) => `${number} ${path}`)]),
      [
        ["Diffusion", "1 /", "3 /forward"],
        ["Sampling", "2 /ddim"],
        ["Appendices", "B /notation"]
      ]
    );
  });

  it("numbers the chapters that it leaves out after those that it shows, so that each equation has a number of its own", () => {
    const all = courseChapters({chapters: ["/", "/ddim"]}, allParts);
    assert.equal(new Set(all.map(({number}) => number)).size, all.length);
    assert.deepEqual(all.map(({path}) => path).sort(), [...paths].sort());
    assert.equal(all.find(({path}) => path === "/forward")!.number, "3");
  });
});

describe("a mistake in a course is a sentence", () => {
  it("and none where all is well", () => assert.deepEqual(problems({}), []));
  const figures = course.figures;
  const cases: [name: string, changes: Partial<CourseConfig>, expected: RegExp][] = [
    ["an empty title", {title: " "}, /title is empty/],
    ["an unknown chapter", {chapters: ["/", "/dimm"]}, /chapters has \/dimm: there are \/, \/forward/],
    ["a chapter twice", {chapters: ["/", "/ddim", "/ddim"]}, /chapters has \/ddim twice/],
    ["no first page", {chapters: ["/ddim"]}, /chapters lacks \//],
    [
      "a link to nowhere",
      {links: [{name: "Forum", href: "forum"}]},
      /the link “Forum” goes to forum: write an address/
    ],
    ["an unknown data set", {figures: {...figures, points: "cat"}}, /figures\.points is cat: there are moons, tri/],
    ["no whole number of steps", {figures: {...figures, steps: 0.5}}, /figures\.steps is 0\.5: choose a whole number/],
    ["a negative seed", {figures: {...figures, seed: -1}}, /figures\.seed is -1/],
    ["an unknown schedule", {figures: {...figures, schedule: "sigmoid" as "linear"}}, /figures\.schedule is sigmoid/],
    ["neither offline nor not", {offline: "yes" as unknown as boolean}, /offline is yes: choose true or false/],
    ["neither shown nor hidden", {solutions: "later" as "shown"}, /solutions is later/]
  ];
  for (const [name, changes, expected] of cases)
    it(name, () => {
      const [first, ...others] = problems(changes);
      assert.match(first, expected);
      assert.deepEqual(others, []);
    });
});

describe("a page of a course", () => {
  const page = (changes: Partial<CourseConfig>, body = "") =>
    framePage(frameworkPage({main: `<p>First.</p>${body}`}), {path: "/ddim", course: {...course, ...changes}});
  const solution = `<details class="live-cell-solution"><summary>Solution</summary>\n<pre>42</pre>\n</details>`;
  const hint = `<details class="hint"><summary>Hint</summary><p>Think.</p></details>`;

  it("has the solutions of its exercises, or not a word of them; what is no exercise keeps its own", () => {
    assert.match(page({}, hint + solution), /<pre>42<\/pre>/);
    const exhibit = `<live-cell name="bug">${solution.replace("42", "the fix")}</live-cell>`;
    const exercise = `<live-cell name="sum" rows="3" exercise="ddim">${solution}</live-cell>`;
    const hidden = page({solutions: "hidden"}, hint + solution + exhibit + exercise + hint);
    assert.doesNotMatch(hidden, /42/);
    assert.match(hidden, /<pre>the fix<\/pre>/);
    assert.equal(hidden.match(/Think\./g)!.length, 2);
    assert.match(hidden, /<html lang="en" data-solutions="hidden">/);
  });

  it("says the term under the chapters, as text", () => {
    assert.match(page({term: "Spring <2027> $1"}), /<p class="course-term">Spring &#60;2027&#62; \$1<\/p>/);
    assert.doesNotMatch(page({}), /course-term/);
  });

  it("carries the defaults of the figures", () => {
    const json = /<script type="application\/json" id="figure-defaults">(.*?)<\/script>/.exec(page({}))![1];
    assert.deepEqual(JSON.parse(json), course.figures);
  });
});
