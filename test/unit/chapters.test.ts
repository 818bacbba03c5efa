import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {chapterFile, chapters, existingParts, findChapter, parts} from "../../tools/chapters.js";
import {pagePaths} from "../../tools/page-source.js";

describe("chapters", () => {
  it("have paths and numbers of their own, the numbers in reading order", () => {
    assert.equal(new Set(chapters.map(({path}) => path)).size, chapters.length);
    const numbered = chapters.filter(({number}) => /^\d/.test(number)).map(({number}) => Number(number));
    assert.deepEqual(
      numbered,
      Array.from(numbered, (_, i) => i + 1)
    );
  });

  it("are found by the paths that Framework uses", () => {
    assert.equal(findChapter("/index")?.number, "1");
    assert.equal(findChapter("/forward")?.number, "2");
    assert.equal(findChapter("/embed/forward"), undefined);
  });

  it("are all that the site has as a page outside of its folders, but for the 404 page", () => {
    const known = new Set(chapters.map((chapter) => `/${chapterFile(chapter).replace(/\.md$/, "")}`));
    const others = pagePaths("src").filter(
      (path) => path.lastIndexOf("/") === 0 && path !== "/404" && !known.has(path)
    );
    assert.deepEqual(others, []);
  });
});

describe("existingParts", () => {
  it("leaves out chapters without a page, and parts without a chapter", () => {
    assert.deepEqual(existingParts("test/unit"), []);
    const paths = existingParts("src").flatMap((part) => part.chapters.map(({path}) => path));
    assert.ok(paths.includes("/ddim") && paths.includes("/"));
    assert.ok(existingParts("src").length <= parts.length);
  });
});
