/** What a walk with the Tab key sees, from within the page: each stop when the next press comes, and what was left out. */

/** An element on which the Tab key has stopped. */
interface Stop {
  node: HTMLElement;
  what: string; // what a fault calls it
  look: string; // how it and what is around it look while it has the focus
  box: {left: number; right: number; top: number; bottom: number}; // in the page
}

/** What the walk is told of elements that only a pointer reaches: a selector, and where the same is done by keys. */
export type Equivalents = Record<string, string>;

// The class is sent to the page as its text, so it must be whole in itself.
/** Watches the Tab key in a page. A press belongs to the stop that it leaves, when that has been scrolled to and drawn. */
export class StopWatch {
  readonly stops: Stop[] = [];
  readonly faults = new Set<string>();
  over = false; // the Tab key has left the page, or cannot
  readonly #back: boolean; // whether the walk goes by Shift+Tab
  readonly #life = new AbortController();
  readonly #early: ReadonlySet<Element>; // what was to be seen, and not switched off, at the start

  constructor(back: boolean) {
    this.#back = back;
    this.#early = new Set(
      [...document.body.querySelectorAll<HTMLElement>("*:not(.katex *)")].filter((node) => !this.#unseen(node))
    );
    const {signal} = this.#life;
    const heard = (event: KeyboardEvent) => void (event.key === "Tab" && this.#press(event));
    document.addEventListener("keydown", heard, {capture: true, signal});
  }

  /** Ends the watch. */
  end(): void {
    this.#life.abort();
  }

  #press(event: KeyboardEvent): void {
    if (this.over) return event.preventDefault();
    const node = document.activeElement as HTMLElement;
    const before = this.stops.at(-1);
    const nowhere = node === document.body || node === null;
    if (before && before.node !== node) this.#left(before);
    if (nowhere && !before) return; // the first press
    if (nowhere) return this.#end(event);
    if (before && before.node !== node && node === this.stops[0].node) return this.#end(event); // it has left, and come round
    const fault = before?.node === node ? "holds the Tab key" : this.#known(node) ? "is come back to" : "";
    if (fault) {
      this.faults.add(`${this.name(node)} ${fault}`);
      return this.#end(event);
    }
    this.#arrived(node, before);
  }

  #end(event: Event): void {
    this.over = true;
    event.preventDefault();
  }

  #known = (node: Element) => this.stops.some((stop) => stop.node === node);

  #arrived(node: HTMLElement, before?: Stop): void {
    const {left, right, top, bottom} = node.getBoundingClientRect();
    const box = {left: left + scrollX, right: right + scrollX, top: top + scrollY, bottom: bottom + scrollY};
    const what = this.name(node);
    this.stops.push({node, what, look: this.#look(node), box});
    const wrong = (fault: string) => this.faults.add(`${what} ${fault}`);
    if (!this.#label(node)) wrong("has no name");
    if (!this.#role(node)) wrong("has no role");
    // A label may stand for a control that lies elsewhere: it is then what has to show the focus.
    const faces = [node, ...((node as HTMLInputElement).labels ?? [])];
    const seen = faces.find((face) => !this.#hidden(face));
    if (!seen) wrong(this.#hidden(node));
    const [ring, ground] = this.#ring(seen ?? node);
    if (!ring) wrong("does not show that it has the focus");
    else if (this.#contrast(ring, ground) < 3) wrong(`shows its focus in ${ring} on ${ground}, too faint`);
    if (!before) return;
    const now = this.stops.at(-1)!;
    const [first, second] = this.#back ? [now, before] : [before, now];
    if (!(first.node.compareDocumentPosition(second.node) & Node.DOCUMENT_POSITION_FOLLOWING))
      wrong(`is not where it stands in the page, beside ${before.what}`);
    const above = second.box.bottom <= first.box.top && second.box.left < first.box.right;
    const inMain = [first.node, second.node].every((each) => each.closest("main"));
    if (above && inMain) this.faults.add(`${second.what} comes after ${first.what}, and stands above it`);
  }

  #left({node, what, look}: Stop): void {
    if (node.isConnected && this.#look(node) === look) this.faults.add(`${what} looks the same without the focus`);
  }

  /** What an element is, for a sentence. */
  name(node: Element): string {
    const around = node.closest("figure[id], live-cell[name]");
    const place = around ? ` of ${around.id || around.getAttribute("name")}` : "";
    const id = node.id && `#${node.id}`;
    const classes = [...node.classList].slice(0, 2).map((word) => `.${word}`);
    return `${node.localName}${id}${classes.join("")} “${this.#label(node).slice(0, 30)}”${place}`;
  }

  #label(node: Element): string {
    const ids = node.getAttribute("aria-labelledby")?.split(/\s+/) ?? [];
    const texts = [
      ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" "),
      node.getAttribute("aria-label"),
      [...((node as HTMLInputElement).labels ?? [])].map(({textContent}) => textContent).join(" "),
      /^(input|select|textarea)$/.test(node.localName) || !this.#nameFromContent(node) ? "" : node.textContent,
      node.querySelector("img, svg[aria-label]")?.getAttribute("alt"),
      node.getAttribute("title")
    ];
    return (
      texts
        .find((text) => text?.trim())
        ?.replace(/\s+/g, " ")
        .trim() ?? ""
    );
  }

  #nameFromContent = (node: Element) => /^(a|button|summary)$/.test(node.localName);

  #role(node: Element): string {
    const role = node.getAttribute("role");
    if (role) return /^(none|presentation|generic)$/.test(role) ? "" : role;
    return /^(a|button|summary|input|select|textarea)$/.test(node.localName) ? node.localName : "";
  }

  /** Why a stop is not to be seen, or only behind something else; "" if it is. */
  #hidden(node: HTMLElement): string {
    const [view, tall] = [document.documentElement.clientWidth, innerHeight];
    const slack = 4; // pixels
    if (!node.checkVisibility({visibilityProperty: true, opacityProperty: true})) return "is not to be seen";
    const boxes = [...node.getClientRects()].filter(({width, height}) => width > 1 && height > 1);
    if (!boxes.length) return "has no size";
    for (const {left, right, top, bottom, width, height} of boxes) {
      const covers: Element[] = [];
      let open = 0;
      const cut = left < -slack || top < -slack || right > view + slack || bottom > tall + slack;
      const fits = width <= view && height <= tall;
      if (cut && fits) return `lies outside of the window, at ${[left, top, right, bottom].map(Math.round).join()}`;
      for (const [dx, dy] of [
        [0.5, 0.5],
        [0.1, 0.2],
        [0.9, 0.2],
        [0.1, 0.8],
        [0.9, 0.8]
      ]) {
        const x = Math.min(Math.max(left + dx * width, 0), view - 1);
        const y = Math.min(Math.max(top + dy * height, 0), tall - 1);
        const hit = document.elementFromPoint(x, y);
        if (hit && !node.contains(hit) && !hit.contains(node)) covers.push(hit);
        else if (++open > 2) break; // most of it: each look takes milliseconds on a long page
      }
      if (covers.length > 2) return `lies behind ${this.name(covers[0])}`; // most of it
    }
    return "";
  }

  /** The colour of the ring around what has the focus, or around what holds it, and the colour of the ground there. */
  #ring(node: HTMLElement): [string, string] {
    let around: HTMLElement | null = node;
    for (let up = 0; around && up < 4; ++up, around = around.parentElement) {
      const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(around);
      const offset = parseFloat(getComputedStyle(around).outlineOffset);
      if (outlineStyle === "none" || parseFloat(outlineWidth) < 1.5) continue;
      if (up && !around.matches(":focus-within")) continue;
      return [outlineColor, this.#ground(offset < 0 ? around : around.parentElement!)];
    }
    return ["", ""];
  }

  #ground(node: Element | null): string {
    for (; node; node = node.parentElement) {
      const {backgroundColor} = getComputedStyle(node);
      if (!/, 0\)$|\/ 0\)$|transparent/.test(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  }

  #contrast(first: string, second: string): number {
    const light = (color: string) => {
      const parts = color
        .match(/[\d.]+/g)!
        .slice(0, 3)
        .map(Number);
      const [r, g, b] = parts.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [a, b] = [light(first), light(second)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  }

  #look(node: HTMLElement): string {
    let around: HTMLElement | null = node;
    const looks: string[] = [];
    for (let up = 0; around && up < 4; ++up, around = around.parentElement) {
      const {outline, boxShadow, backgroundColor, border, left} = getComputedStyle(around);
      looks.push(outline, boxShadow, backgroundColor, border, left);
    }
    return looks.join();
  }

  /** What the keyboard should have reached and did not. */
  left(heard: ReadonlyMap<EventTarget, ReadonlySet<string>>, equivalents: Equivalents): string[] {
    return [...document.body.querySelectorAll<HTMLElement>("*:not(.katex *)")].flatMap((node) => {
      const why = this.#wants(node, heard);
      if (!why || this.#known(node) || this.#unseen(node) || !this.#early.has(node)) return [];
      if (why !== "is a control" && this.#stands(node, equivalents)) return [];
      return [`${this.name(node)} ${why}, and the Tab key does not stop there`];
    });
  }

  #unseen(node: HTMLElement): boolean {
    const {width, height} = node.getBoundingClientRect();
    return (
      !node.checkVisibility({visibilityProperty: true}) ||
      width < 1 ||
      height < 1 ||
      node.matches(":disabled, [inert] *")
    );
  }

  #wants(node: HTMLElement, heard: ReadonlyMap<EventTarget, ReadonlySet<string>>): string {
    if (node.matches("input[type=radio]:not(:checked)")) return ""; // the arrow keys lead there
    if (
      node.matches(
        "a[href], button, input, select, textarea, details > summary, [contenteditable=true], [tabindex='0']"
      )
    )
      return "is a control";
    const style = getComputedStyle(node);
    const wide = node.scrollWidth > node.clientWidth + 1 && /auto|scroll/.test(style.overflowX);
    const tall = node.scrollHeight > node.clientHeight + 1 && /auto|scroll/.test(style.overflowY);
    if ((wide || tall) && node.clientWidth) return "scrolls";
    if (heard.get(node)?.size) return `hears ${[...heard.get(node)!].join()}`;
    const own = style.cursor !== getComputedStyle(node.parentElement!).cursor;
    return own && !/^(auto|default|text|not-allowed)$/.test(style.cursor) ? `has the cursor ${style.cursor}` : "";
  }

  /** Whether a stop stands for an element: it lies in one, or around one where it scrolls, or one is said to do the same. */
  #stands(node: HTMLElement, equivalents: Equivalents): boolean {
    const stops = this.stops.map((stop) => stop.node);
    if (stops.some((stop) => stop.contains(node) || node.contains(stop))) return true;
    const control = (node.closest("label") as HTMLLabelElement | null)?.control;
    if (control && (this.#known(control) || control.matches("input[type=radio]"))) return true;
    return Object.entries(equivalents).some(([selector, other]) => {
      const root = node.closest("live-cell, figure, body")!;
      return node.matches(selector) && stops.some((stop) => root.contains(stop) && stop.matches(other));
    });
  }
}
