import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {exhibits, exhibitOf} from "../../lib/errata/exhibits.js";
import {assertSound} from "./cells.js";
import {openChapter} from "./chapter.js";

const {page, cells, figure} = await openChapter("errata.html");

describe("the museum of bugs", () => {
  const [divided, hundred] = ["divided", "hundred"].map(figure);
  const score = () => page.locator("#fig-gallery .gallery-score").textContent();
  const guess = async (name: string, right: boolean) => {
    const at = exhibitOf(name).choices.findIndex((choice) => Boolean(choice.right) === right);
    await figure(name).root.getByRole("radio").nth(at).check();
    await figure(name).press("That is my guess");
  };
  const tested = (name: string, passes: boolean) =>
    figure(name).root.locator(`.exhibit-test[data-passes="${passes}"]`).waitFor();

  it("lists every exhibit with a link to its heading, and counts no guess yet", async () => {
    const links = page.locator("#fig-gallery li a");
    await links.first().waitFor();
    assert.equal(await links.count(), exhibits.length);
    for (const {name} of exhibits) {
      assert.equal(await page.locator(`h3#${name}`).count(), 1, `the heading of ${name}`);
      assert.equal(await page.locator(`#fig-gallery a[href="#${name}"]`).count(), 1, `the link to ${name}`);
    }
    assert.match((await score())!, /You have not guessed yet/);
  });

  it("computes nothing before the reader has guessed or asked", async () => {
    await divided.root.scrollIntoViewIfNeeded();
    assert.equal(await divided.root.locator("canvas").count(), 0);
    assert.ok(await divided.button("That is my guess").isDisabled());
  });

  it("takes a guess, says that it is right, and shows the number that tells beside the right code’s", async () => {
    await guess("divided", true);
    await divided.root.getByText("✔ Right.").waitFor();
    const there = await page.evaluate(() => document.activeElement!.textContent);
    assert.match(there!, /^✔ Right\./, "the focus has gone to the answer, since the button is gone");
    await divided.says("with the right one");
    const [buggy, right] = await divided.readings();
    assert.ok(buggy > 15 && right < 2, `${buggy} and ${right}`);
    await tested("divided", false);
    assert.match((await score())!, /You have predicted 1 of/);
  });

  it("hides the bug where it hides", async () => {
    await divided.root.getByRole("combobox").selectOption("hides");
    await page.waitForFunction(() => {
      const [own, right] = [...document.querySelectorAll("#fig-divided .reading-value")].map(
        (node) => node.textContent
      );
      return own === right && own !== "–";
    });
  });

  it("puts the fix in: the code changes, the numbers agree, and the test passes", async () => {
    await divided.root.getByRole("combobox").selectOption("shows");
    await divided.press("Put the fix in");
    await tested("divided", true);
    await page.waitForFunction(() => {
      const [own, right] = [...document.querySelectorAll("#fig-divided .reading-value")].map(
        (node) => node.textContent
      );
      return own === right && own !== "–";
    });
    assert.match((await page.locator('live-cell[name="divided"] .cm-content').textContent())!, /x0 \* sqrt/);
  });

  it("explains a wrong guess, and which one is right", async () => {
    await guess("hundred", false);
    await hundred.root.getByText("✘ Not so.").waitFor();
    await hundred.says("with the right one");
    const [buggy, right] = await hundred.readings();
    assert.ok(buggy < 15 && right > 90, `${buggy}% and ${right}%`);
    assert.match((await score())!, /You have predicted 1 of/);
  });

  it("says in a sentence what is wrong with code that is no code, and keeps the picture", async () => {
    const cell = cells.cell("hundred");
    await cell.locator("pre").first().click();
    const editor = cell.locator(".cm-content");
    await editor.waitFor();
    await editor.fill("function firstHundred(T: number, S: number): number[] {\n  return [];\n}");
    await cell.getByRole("button", {name: "Run"}).click();
    await hundred.alert.getByText(/The cell “hundred” stopped/).waitFor();
    assert.match((await hundred.alert.textContent())!, /The picture still shows the last run/);
    await cell.getByRole("button", {name: "Reset"}).click();
    await page.waitForFunction(() => document.querySelector<HTMLElement>("#fig-hundred [role=alert]")!.hidden);
  });

  it("keeps the guesses, and forgets them when asked", async () => {
    await page.reload();
    await page.locator("#fig-gallery .gallery-score").getByText("You have predicted 1 of").waitFor();
    await divided.root.getByText("✔ Right.").waitFor();
    assert.ok(await divided.root.getByRole("radio").first().isDisabled());
    await page.getByRole("button", {name: "Forget my guesses"}).click();
    assert.match((await score())!, /You have not guessed yet/);
    assert.equal(await divided.root.getByRole("radio", {checked: true}).count(), 0);
    assertSound(cells);
  });
});
