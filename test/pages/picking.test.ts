import assert from "node:assert/strict";
import {before, describe, it} from "node:test";
import {openChapter} from "./chapter.js";

const {page, figure} = await openChapter("index.html");
const samplers = figure("two-samplers");
const {root, said, says, drag, choose} = samplers;

before(() => says("Step 50 of 50"));

const plane = (k: number) => root.locator(".plane").nth(k);
const painted = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));
const pictures = async () => {
  await painted();
  return samplers.pictures();
};
/** Keeps the bytes of the two pictures in the page, under a name. */
const keep = async (name: string) => {
  await painted();
  await page.evaluate((name) => {
    const canvases = document.querySelectorAll<HTMLCanvasElement>("#fig-two-samplers canvas");
    const pictures = Array.from(canvases, (canvas) => {
      const {width, height} = canvas;
      const copy = new OffscreenCanvas(width, height).getContext("2d")!;
      copy.drawImage(canvas, 0, 0);
      return copy.getImageData(0, 0, width, height).data;
    });
    Object.assign(globalThis, {[name]: pictures});
  }, name);
};
/**
 * The share of bytes that differ visibly between kept pictures, in the picture where it is larger. Drawn in another number
 * of batches, an edge may come out a shade lighter or darker.
 */
const apart = (a: string, b: string) =>
  page.evaluate(
    ([a, b]) => {
      const kept = globalThis as unknown as Record<string, Uint8ClampedArray[]>;
      const shares = kept[a].map((bytes, k) => {
        let count = 0;
        for (let i = 0; i < bytes.length; ++i) if (Math.abs(bytes[i] - kept[b][k][i]) > 32) ++count;
        return count / bytes.length;
      });
      return Math.max(...shares);
    },
    [a, b] as const
  );
describe("a picked point", () => {
  it("is taken with the arrow keys, set off in both pictures, and told: where it is and where it ends", async () => {
    const plain = await pictures();
    await plane(0).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    assert.match(await said(), /Point 1: noise \(.*\), DDPM \(.*\), DDIM \(.*\), DDPM ends at \(.*\), DDIM ends at \(/);
    const picked = await pictures();
    plain.forEach((picture, k) => assert.ok(picture !== picked[k], `picture ${k} sets the point off`));
    await page.keyboard.press("ArrowLeft");
    assert.match(await said(), /Point 0: /);
  });

  it("is let go with Escape: text and pictures are as before", async () => {
    await page.keyboard.press("Escape");
    assert.doesNotMatch(await said(), /Point/);
    const plain = await pictures();
    await page.keyboard.press("ArrowUp");
    assert.match(await said(), /Point 599: /, "backwards from none is the last one");
    await page.keyboard.press("Escape");
    assert.deepEqual(await pictures(), plain);
  });

  it("is taken with a click, stays when the pointer leaves, and is let go by a second click", async () => {
    await plane(1).scrollIntoViewIfNeeded();
    await plane(1).focus();
    await page.keyboard.press("ArrowRight");
    const [, x, y] = /DDIM \(([^,]+), ([^)]+)\)/.exec(await said())!.map((text) => Number(text.replace("−", "-")));
    await page.keyboard.press("Escape");
    const box = (await plane(1).boundingBox())!;
    const at = [box.x + (box.width * (x + 2.6)) / 5.2, box.y + (box.height * (2.6 - y)) / 5.2] as const;
    await page.mouse.click(...at);
    const [point] = /Point \d+/.exec(await said())!;
    await page.mouse.move(5, 5);
    assert.ok((await said()).includes(point), "it stays");
    await page.mouse.click(...at);
    assert.doesNotMatch(await said(), /Point/);
  });
});

describe("a thousand trajectories", () => {
  it("are drawn on request, for the same first points", async () => {
    await plane(0).focus();
    await page.keyboard.press("ArrowRight");
    const [before] = /Point 0: noise \([^)]*\)/.exec(await said())!;
    await choose("trajectories", "1,000");
    await root.locator('canvas[aria-label*="of 1000 points"]').first().waitFor();
    assert.ok((await said()).includes(before), `${await said()} lacks ${before}`);
    await page.keyboard.press("Escape");
  });

  it("look the same whether they were drawn step by step or at once", async () => {
    await drag("time", 0);
    for (let k = 1; k <= 5; ++k) {
      await drag("time", k);
      await painted();
    }
    await keep("stepwise");
    await drag("time", 2); // back: the sheet is drawn anew
    await keep("before");
    assert.ok((await apart("before", "stepwise")) > 0.02, "an earlier step shows less");
    await drag("time", 5);
    await keep("atOnce");
    const difference = await apart("atOnce", "stepwise");
    assert.ok(difference < 0.002, `${100 * difference}% of the picture differ`);
  });

  it("follow the theme", async () => {
    await keep("light");
    await page.emulateMedia({colorScheme: "dark"});
    await keep("dark");
    for (let k = 0; k < 50 && (await apart("dark", "light")) <= 0.05; ++k) await keep("dark"); // on a busy machine
    assert.ok((await apart("dark", "light")) > 0.05, "they are drawn anew in the dark");
    await page.emulateMedia({colorScheme: "light"});
    await keep("again");
    for (let k = 0; k < 50 && (await apart("again", "light")) >= 0.002; ++k) await keep("again");
    const difference = await apart("again", "light");
    assert.ok(difference < 0.002, `${100 * difference}% of the picture differ after all is light again`);
    await drag("time", 50);
  });
});

describe("the denoiser of a figure", () => {
  it("is exact, or a network that comes with the page, and the badge says which", async () => {
    const badge = root.locator(".badge");
    assert.match((await badge.textContent())!, /^exact: the denoiser is the mixture/);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await choose("trajectories", "some");
    await choose("denoiser", "pretrained");
    await root.locator('.badge[data-kind="pretrained"]').waitFor({timeout: 60_000});
    assert.match((await badge.textContent())!, /^pretrained: a network, \d+ training steps; its samples lie [\d.]+ ×/);
    assert.equal(
      asked.filter((url) => /points-.*\.bin/.test(url)).length,
      1,
      "only the network that is used is loaded"
    );
    assert.deepEqual(
      asked.filter((url) => /\/vendor\/tf/.test(url)),
      [],
      "it needs no tfjs"
    );
    const inside = /DDIM (\d+)%/.exec(await said());
    assert.ok(Number(inside?.[1]) > 70, `${await said()}: most samples of the network lie in a mode`);
  });
});
