import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import type {Browser, Page} from "playwright-core";
import {exhibits, exhibitOf} from "../../lib/errata/exhibits.js";
import {launchBrowser} from "../../tools/browser.js";
import type {Site} from "./site.js";
import {openSite, watch} from "./site.js";

describe("the museum of bugs", () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  let faults: Set<string>;

  before(async () => {
    [site, browser] = await Promise.all([openSite(), launchBrowser()]);
    page = await browser.newPage({viewport: {width: 1280, height: 900}});
    faults = watch(page, new URL(site.url).origin);
    await page.goto(`${site.url}errata.html`);
  });

  after(async () => {
    await browser.close();
    await site.close();
  });

  const figure = (name: string) => page.locator(`#fig-${name}`);
  const score = () => page.locator("#fig-gallery .gallery-score").textContent();
  const guess = async (name: string, right: boolean) => {
    const at = exhibitOf(name).choices.findIndex((choice) => Boolean(choice.right) === right);
    await figure(name).getByRole("radio").nth(at).check();
    await figure(name).getByRole("button", {name: "That is my guess"}).click();
  };
  const numbers = async (name: string) => {
    const texts = await figure(name).locator(".reading-value").allTextContents();
    return texts.map((text) => Number(text.replace("%", "")));
  };
  const tested = (name: string, passes: boolean) =>
    figure(name).locator(`.exhibit-test[data-passes="${passes}"]`).waitFor();

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
    await figure("divided").scrollIntoViewIfNeeded();
    assert.equal(await figure("divided").locator("canvas").count(), 0);
    assert.ok(await figure("divided").getByRole("button", {name: "That is my guess"}).isDisabled());
  });

  it("takes a guess, says that it is right, and shows the number that tells beside the right code’s", async () => {
    await guess("divided", true);
    await figure("divided").getByText("✔ Right.").waitFor();
    await figure("divided").getByRole("status").getByText("with the right one").waitFor();
    const [buggy, right] = await numbers("divided");
    assert.ok(buggy > 15 && right < 2, `${buggy} and ${right}`);
    await tested("divided", false);
    assert.match((await score())!, /You have predicted 1 of/);
  });

  it("hides the bug where it hides", async () => {
    await figure("divided").getByRole("combobox").selectOption("hides");
    await page.waitForFunction(() => {
      const [own, right] = [...document.querySelectorAll("#fig-divided .reading-value")].map(
        (node) => node.textContent
      );
      return own === right && own !== "–";
    });
  });

  it("puts the fix in: the code changes, the numbers agree, and the test passes", async () => {
    await figure("divided").getByRole("combobox").selectOption("shows");
    await figure("divided").getByRole("button", {name: "Put the fix in"}).click();
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
    await figure("hundred").getByText("✘ Not so.").waitFor();
    await figure("hundred").getByRole("status").getByText("with the right one").waitFor();
    const [buggy, right] = await numbers("hundred");
    assert.ok(buggy < 15 && right > 90, `${buggy}% and ${right}%`);
    assert.match((await score())!, /You have predicted 1 of/);
  });

  it("says in a sentence what is wrong with code that is no code, and keeps the picture", async () => {
    const cell = page.locator('live-cell[name="hundred"]');
    await cell.locator("pre").first().click();
    const editor = cell.locator(".cm-content");
    await editor.waitFor();
    await editor.fill("function firstHundred(T: number, S: number): number[] {\n  return [];\n}");
    await cell.getByRole("button", {name: "Run"}).click();
    const alert = figure("hundred").getByRole("alert");
    await alert.getByText(/The cell “hundred” stopped/).waitFor();
    assert.match((await alert.textContent())!, /The picture still shows the last run/);
    await cell.getByRole("button", {name: "Reset"}).click();
    await page.waitForFunction(() => document.querySelector<HTMLElement>("#fig-hundred [role=alert]")!.hidden);
  });

  it("keeps the guesses, and forgets them when asked", async () => {
    await page.reload();
    await page.locator("#fig-gallery .gallery-score").getByText("You have predicted 1 of").waitFor();
    await figure("divided").getByText("✔ Right.").waitFor();
    assert.ok(await figure("divided").getByRole("radio").first().isDisabled());
    await page.getByRole("button", {name: "Forget my guesses"}).click();
    assert.match((await score())!, /You have not guessed yet/);
    assert.equal(await figure("divided").getByRole("radio", {checked: true}).count(), 0);
    assert.deepEqual([...faults], []);
  });
});
