/** What a screen reader is told of a page and of its figures. */
import type {CDPSession, Locator, Page} from "playwright-core";

/** What the browser's accessibility tree has of a figure: the name of it or of its live part, its pictures' names, and what its status says. */
export interface FigureTexts {
  id: string;
  name: string;
  pictures: string[];
  drawn: number; // pictures that can be seen, and are not hidden from a screen reader
  status: string[];
}

/** What each figure of an open page tells. */
export async function figureTexts(page: Page): Promise<FigureTexts[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Accessibility.enable");
  try {
    const {root} = await session.send("DOM.getDocument", {depth: 0});
    const {nodeIds} = await session.send("DOM.querySelectorAll", {nodeId: root.nodeId, selector: "main figure[id]"});
    const seen = await page.evaluate(readFigures);
    const texts: FigureTexts[] = [];
    for (const [k, nodeId] of nodeIds.entries()) {
      const names = await Promise.all(["figure", "group"].map((role) => namesOf(session, nodeId, role)));
      const name = names.flat().find((text) => text && !/^(Points|A place):/.test(text)) ?? "";
      texts.push({...seen[k], name, pictures: await namesOf(session, nodeId, "image")});
    }
    return texts;
  } finally {
    await session.detach();
  }
}

async function namesOf(session: CDPSession, nodeId: number, role: string): Promise<string[]> {
  const {nodes} = await session.send("Accessibility.queryAXTree", {nodeId, role});
  return nodes.filter(({ignored}) => !ignored).map(({name}) => String(name?.value ?? "").trim());
}

/** The texts of a page's figures to be read by who wonders what is heard: `FIGURE_TEXTS=FILE` collects them. */
export function textsToRead(page: string, figures: FigureTexts[]): string {
  const parts = figures.map(({id, name, pictures, status}) =>
    [`### ${id}`, `${name}.`, ...pictures.map((text) => `- ${text}`), ...status.map((text) => `> ${text}`)].join("\n\n")
  );
  return [`## ${page}`, ...parts].join("\n\n") + "\n\n";
}

/** Returns what a screen reader would be told wrongly, twice, or not at all, once the figures have computed. */
export async function spokenFaults(page: Page, patience = 20_000): Promise<string[]> {
  const end = Date.now() + patience;
  for (;;) {
    const faults = await spokenNow(page);
    if (!faults.length || Date.now() > end) return faults;
    await page.waitForTimeout(200);
  }
}

async function spokenNow(page: Page): Promise<string[]> {
  const faults = await page.evaluate(structure);
  for (const {id, name, pictures, drawn} of await figureTexts(page)) {
    if (name.length < 10) faults.push(`${id}: the figure has no name, or none that says anything: “${name}”`);
    if (pictures.length < drawn) faults.push(`${id}: ${drawn} pictures, and texts of ${pictures.length}`);
    for (const text of pictures) if (isBare(text)) faults.push(`${id}: a picture says only “${text}”`);
  }
  return faults;
}

/** Whether a picture's text is no more than a label: what is to be seen takes a number, or a sentence. */
function isBare(text: string): boolean {
  const words = text.split(/\s+/).filter(Boolean).length;
  return words < 3 || (words < 6 && !/\d/.test(text)) || text.startsWith("Not drawn yet");
}

/** Figures whose controls are for a run that starts with a press: their own tests read what it says. */
const waits = new Set([
  "fig-train",
  "fig-digit-train",
  "fig-digit-quality",
  "fig-digit-samplers",
  "fig-bench",
  "fig-speed"
]);

/**
 * Changes a control of each figure by keys, and plays it where it can be played. Returns what a reader who does not see
 * the figure is not told of it, and what is announced too often meanwhile.
 */
export async function changeFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const figure of await page.locator("main figure[id]:has(.live)").all()) {
    const id = (await figure.getAttribute("id"))!;
    if (waits.has(id)) continue;
    await figure.scrollIntoViewIfNeeded();
    const controls = figure.locator(":is(.controls, .live) :is(input[type=range], select):enabled:visible");
    const count = Math.min(await controls.count(), 3);
    let told = count === 0;
    for (let k = 0; k < count && !told; ++k) told = await tells(figure, controls.nth(k));
    if (!told) faults.push(`${id}: neither its pictures nor its status say that a control was changed`);
    const play = figure.locator(".player").getByRole("button", {name: "Play", exact: true});
    if ((await play.count()) && (await play.isEnabled())) {
      const announced = await playFor(figure, play);
      if (announced > 4) faults.push(`${id}: ${announced} announcements while it played for a second`);
    }
  }
  return faults;
}

/** Whether a key on the control changes what the figure tells. */
async function tells(figure: Locator, control: Locator): Promise<boolean> {
  const before = await figure.evaluate(readOne);
  await control.focus();
  const atEnd = await control.evaluate((node) =>
    node instanceof HTMLSelectElement
      ? node.selectedIndex === node.length - 1
      : (node as HTMLInputElement).value === (node as HTMLInputElement).max
  );
  for (let press = 0; press < 2; ++press) await control.press(atEnd ? "ArrowLeft" : "ArrowRight");
  const end = Date.now() + 4000;
  while (Date.now() < end) {
    if ((await figure.evaluate(readOne)) !== before) return true;
    await figure.page().waitForTimeout(50);
  }
  return false;
}

/** Plays a figure for a second from its beginning; how many texts its live regions announced. */
async function playFor(figure: Locator, play: Locator): Promise<number> {
  await play.press("Enter");
  return figure.evaluate(async (root) => {
    let announced = 0;
    const heard = new MutationObserver(([{target}]) => {
      const region = (target instanceof Element ? target : target.parentElement)?.closest(
        "[role=status], [role=alert]"
      );
      if (region?.getAttribute("aria-live") !== "off") ++announced;
    });
    for (const region of root.querySelectorAll("[role=status], [role=alert]"))
      heard.observe(region, {childList: true, characterData: true, subtree: true});
    await new Promise((resolve) => setTimeout(resolve, 1000));
    heard.disconnect();
    const pause = [...root.querySelectorAll<HTMLElement>(".player button")].find(
      (node) => node.textContent === "Pause"
    );
    pause?.click();
    return announced;
  });
}

// The functions below run in the page, so each must be whole in itself.

function readFigures(): Omit<FigureTexts, "name" | "pictures">[] {
  return [...document.querySelectorAll("main figure[id]")].map((figure) => ({
    id: figure.id,
    drawn: [...figure.querySelectorAll("canvas, svg, img")].filter(
      (node) => node.checkVisibility({visibilityProperty: true}) && !node.closest("[aria-hidden=true], .katex, button")
    ).length,
    status: [...figure.querySelectorAll(".badge, [role=status]")].map((node) => node.textContent.trim()).filter(Boolean)
  }));
}

function readOne(figure: Element): string {
  const pictures = [...figure.querySelectorAll("[role=img]")].map((node) => node.getAttribute("aria-label"));
  const said = [...figure.querySelectorAll("[role=status], .badge, table")].map((node) => node.textContent);
  return [...pictures, ...said].join("\n");
}

function structure(): string[] {
  const faults: string[] = [];
  const all = (selector: string) =>
    [...document.querySelectorAll<HTMLElement>(selector)].filter((node) => node.checkVisibility());
  const short = (node: Element) => `"${node.textContent?.trim().slice(0, 40)}"`;
  const nameOf = (node: Element) =>
    node.getAttribute("aria-label") ??
    document.getElementById(node.getAttribute("aria-labelledby") ?? "")?.textContent ??
    "";
  const headings = all("h1, h2, h3, h4, h5, h6");
  if (headings.filter(({localName}) => localName === "h1").length !== 1)
    faults.push("the page has not one first heading");
  for (const [k, heading] of headings.entries()) {
    const [level, before] = [heading, headings[k - 1]].map((node) => Number(node?.localName[1] ?? 0));
    if (level > before + 1) faults.push(`a heading of level ${level} after one of level ${before}: ${short(heading)}`);
  }
  if (all("main").length !== 1) faults.push(`${all("main").length} main parts`);
  const landmarks = all("nav, aside, [role=region], section[aria-label]").map(
    (node) => `${node.localName} “${nameOf(node)}”`
  );
  for (const name of new Set(landmarks))
    if (landmarks.filter((other) => other === name).length > 1) faults.push(`two landmarks of one name: ${name}`);
  for (const table of all("main table"))
    if (!table.querySelector("th")) faults.push(`a table without headers: ${short(table)}`);
  // A formula in a line may be in parts, so that no line breaks before its full stop: the first part has the MathML.
  for (const letters of document.querySelectorAll(".katex-html:not([aria-hidden=true])"))
    faults.push(`a formula is read twice: ${short(letters)}`);
  for (const mathml of document.querySelectorAll(".katex-mathml"))
    if (!mathml.querySelector("math")) faults.push(`a formula without MathML: ${short(mathml)}`);
  for (const node of document.querySelectorAll("[aria-live=assertive]"))
    faults.push(`breaks in on the reader: ${short(node)}`);
  return faults;
}
