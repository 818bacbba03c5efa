/** That the checks of what is seen and heard find what they look for: each is fed the fault. */
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Page} from "playwright-core";
import {faintMarks, rememberInks} from "./contrast.js";
import {changeFaults, spokenFaults} from "./figure-texts.js";
import {motionFaults} from "./motion.js";
import {openBrowser, openFolder} from "./site.js";
import {zoomFaults} from "./zoom.js";

const browser = await openBrowser();
const small = await openFolder();

/** What a check finds in a page with this in its main part. */
async function found(body: string, check: (page: Page) => Promise<string[]>): Promise<string> {
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A page</title>';
  const text = `<!doctype html><html lang="en"><head>${head}</head><body><main><h1>Title</h1>${body}</main></body></html>`;
  small.write("small.html", text);
  const page = await browser.newPage();
  try {
    await page.addInitScript("globalThis.__name = (f) => f");
    await rememberInks(page);
    await page.goto(`${small.url}small.html`);
    return (await check(page)).join("\n");
  } finally {
    await page.close();
  }
}

const figure = (content: string) =>
  `<figure id="fig-a"><div class="live" role="group" aria-label="A cloud of points">${content}</div>` +
  `<figcaption>What is to be seen</figcaption></figure>`;
const svg = (content: string) =>
  figure(`<svg role="img" aria-label="Two lines of 3 points" viewBox="0 0 90 90">${content}</svg>`);
const canvas = (script: string, label = "Eight points around 0") =>
  figure(`<canvas role="img" aria-label="${label}"></canvas>`) +
  `<script>const c = document.querySelector("canvas").getContext("2d"); ${script}</script>`;
const dots = (count: number) =>
  `c.beginPath(); for (let i = 0; i < ${count}; ++i) c.arc(9 * i % 90, 9, 2, 0, 7); c.fill();`;

describe("the check of contrast finds", () => {
  it("nothing in a sound chart", async () => {
    const sound = `<g class="grid"><line x2="90" stroke="#eee"/></g><path d="M0,9H90" fill="none" stroke="#767676"/>`;
    assert.equal(await found(svg(`${sound}<text y="40" fill="#666">Name</text>`), faintMarks), "");
  });
  it("letters and lines that are too faint, also by their opacity", async () => {
    assert.match(
      await found(svg(`<text y="40" fill="#888">Name</text>`), faintMarks),
      /fig-a text "Name" .* below 4.5/
    );
    assert.match(await found(svg(`<path d="M0,9H90" stroke="#aaa"/>`), faintMarks), /path.* below 3/);
    assert.match(
      await found(svg(`<path d="M0,9H90" stroke="#000" stroke-opacity="0.3"/>`), faintMarks),
      /path.* below 3/
    );
    assert.match(await found(svg(`<g opacity="0.3"><circle r="9" fill="#000"/></g>`), faintMarks), /circle.* below 3/);
  });
  it("letters on a ground of their own in the picture", async () => {
    const words = `<rect width="90" height="90" fill="#333"/><text x="9" y="40" fill="#111">Name</text>`;
    assert.match(await found(svg(words), faintMarks), /text "Name"/);
  });
  it("a faint line on a canvas, but none in a cloud, which is dark where it is dense", async () => {
    const line = "c.moveTo(0, 0); c.lineTo(9, 9); c.stroke();";
    assert.match(await found(canvas(`c.globalAlpha = 0.3; ${line}`), faintMarks), /a mark in #000000 .* below 3/);
    assert.match(await found(canvas(`c.globalAlpha = 0.4; ${dots(3)}`), faintMarks), /a mark/);
    assert.equal(await found(canvas(`c.globalAlpha = 0.4; ${dots(400)}`), faintMarks), "");
    assert.match(await found(canvas(`c.fillStyle = "#bbb"; ${dots(400)}`), faintMarks), /a mark in #bbbbbb/);
    assert.equal(await found(canvas(`c.globalAlpha = 0.3; ${line} c.clearRect(0, 0, 90, 90);`), faintMarks), "");
  });
});

describe("the check of an enlarged page finds", () => {
  const enlarged = (page: Page) => zoomFaults(page, 200);
  it("nothing in a text that flows", async () => {
    assert.equal(await found("<p>Words that flow, and a <button>Button</button>.</p>", enlarged), "");
  });
  it("what is wider than the window, at 400 % only", async () => {
    const wide = await found(`<div style="width: 500px">Wide</div>`, enlarged);
    assert.match(wide, /^at 400 % of 1280 pixels: is \d+ px wide/m);
    assert.doesNotMatch(wide, /at 200 %/);
  });
  it("letters that a box of fixed height cuts off when they are larger", async () => {
    const cut = `<div style="height: 1.5rem; max-height: 24px; overflow: hidden; font: 1rem/1.2 serif">Words</div>`;
    assert.match(await found(cut, enlarged), /^with letters of twice the size: cuts off/m);
  });
  it("labels that lie over each other", async () => {
    const close = figure(
      `<div style="display: flex"><label style="width: 3px">One label</label><button>Two</button></div>`
    );
    assert.match(await found(close, enlarged), /"One label" lies over "Two"/);
  });
});

describe("the check of motion finds", () => {
  it("nothing on a page that stands still", async () => {
    assert.equal(await found("<p>Words</p>", motionFaults), "");
  });
  it("an animation, a slow change and smooth scrolling", async () => {
    const style =
      "<style>@keyframes turn {to {rotate: 1turn}} p {animation: turn 2s infinite; transition: color 1s}</style>";
    const moves = await found(`${style}<p>Words</p><div style="scroll-behavior: smooth">x</div>`, motionFaults);
    assert.match(moves, /is animated:.*\n.*is animated with less motion/);
    assert.match(moves, /changes slowly with less motion/);
    assert.match(moves, /scrolls smoothly with less motion/);
  });
  it("a figure that plays without a press", async () => {
    const player = `<div class="player"><button>Pause</button><input type="range" max="1000" value="0"></div>`;
    const play = `<script>setInterval(() => document.querySelector("input").valueAsNumber++, 4)</script>`;
    assert.match(await found(player + play, motionFaults), /plays that nobody has started\nplays by itself/);
  });
});

describe("the check of what is spoken finds", () => {
  const spoken = (page: Page) => spokenFaults(page, 0);
  it("nothing in a figure whose picture tells what it shows", async () => {
    assert.equal(await found(canvas(""), spoken), "");
  });
  it("a picture that has a label only, or nothing", async () => {
    assert.match(await found(canvas("", "the noises"), spoken), /fig-a: a picture says only “the noises”/);
    assert.match(await found(canvas("", ""), spoken), /fig-a: (1 pictures, and texts of 0|a picture says only “”)/);
  });
  it("a figure without a name", async () => {
    assert.match(await found(`<figure id="fig-a"><p>Words</p></figure>`, spoken), /fig-a: the figure has no name/);
  });
  it("headings out of order, landmarks of one name, a table without headers, a formula that is read twice", async () => {
    assert.match(await found("<h3>Deep</h3>", spoken), /a heading of level 3 after one of level 1: "Deep"/);
    assert.match(await found("<nav>a</nav><nav>b</nav>", spoken), /two landmarks of one name: nav/);
    assert.match(await found("<table><tr><td>1</td></tr></table>", spoken), /a table without headers/);
    assert.match(await found(`<span class="katex-html">x</span>`, spoken), /a formula is read twice: "x"/);
    assert.match(await found(`<p aria-live="assertive">Now</p>`, spoken), /breaks in on the reader: "Now"/);
  });
});

describe("the check of changes finds", () => {
  const control = `<div class="controls"><input type="range" max="9" value="3"></div><p role="status">Value 3</p>`;
  const script = (on: string) => `<script>document.querySelector("input").oninput = ({target}) => {${on}}</script>`;
  const says = `document.querySelector("[role=status]").textContent = "Value " + target.value`;
  it("nothing in a figure that says its new state", async () => {
    assert.equal(await found(figure(control) + script(says), changeFaults), "");
  });
  it("a control whose change is not told", async () => {
    assert.match(await found(figure(control), changeFaults), /fig-a: neither its pictures nor its status say/);
  });
  it("a status that floods its reader while a figure plays, but not one that is silent meanwhile", async () => {
    const player = `<div class="player"><button>Play</button></div>`;
    const flood = (live: string) =>
      `<script>document.querySelector("button").onclick = () => setInterval(() => {const s = document.querySelector("[role=status]"); ${live} s.textContent += "."}, 20)</script>`;
    assert.match(await found(figure(control + player) + script(says) + flood(""), changeFaults), /announcements while/);
    assert.equal(await found(figure(control + player) + script(says) + flood(`s.ariaLive = "off";`), changeFaults), "");
  });
});
