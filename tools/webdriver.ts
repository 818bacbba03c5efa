/** A browser that is driven over WebDriver, the classic one by HTTP: what the tests need of it. */
import {setTimeout as pause} from "node:timers/promises";

const elementKey = "element-6066-11e4-a52e-4f735466cecf"; // the standard's name of a reference to an element

/** Starts a session of the driver at an address; the first of the browser's windows is the current one. */
export async function openSession(address: string, capabilities: object): Promise<WebDriverSession> {
  const {sessionId} = (await ask(address, "POST", "/session", {capabilities: {alwaysMatch: capabilities}})) as {
    sessionId: string;
  };
  return new WebDriverSession(`${address}/session/${sessionId}`);
}

/** A session, with one current window. Each method throws an Error with the driver's words when it cannot be done. */
export class WebDriverSession {
  constructor(private readonly address: string) {}

  /** Opens an address, and waits for the page's load event. */
  async go(url: string): Promise<void> {
    await this.post("/url", {url});
  }

  async url(): Promise<string> {
    return (await this.get("/url")) as string;
  }

  async back(): Promise<void> {
    await this.post("/back", {});
  }

  /** Runs the body of a function in the page, and returns what it returns or what its promise resolves to. */
  async run<T>(body: string): Promise<T> {
    return (await this.post("/execute/sync", {script: body, args: []})) as T;
  }

  /** Waits until an expression is truthy. */
  async until(expression: string, patience = 30_000): Promise<void> {
    for (const end = Date.now() + patience; !(await this.run(`return Boolean(${expression})`)); await pause(50))
      if (Date.now() > end) throw new Error(`not so within ${patience / 1000} s: ${expression}`);
  }

  /** Clicks into the middle of the first element that a CSS selector or an XPath that begins with // names. */
  async click(selector: string): Promise<void> {
    await this.post(`/element/${await this.element(selector)}/click`, {});
  }

  /** Presses keys one after the other, some held by others: `press("Shift+Enter", "Tab")`. */
  async press(...chords: string[]): Promise<void> {
    const actions = chords.flatMap((chord) => {
      const keys = chord.split(/(?<=.)\+/).map((name) => keyCodes[name] ?? name);
      const step = (type: string) => (value: string) => ({type, value});
      return [...keys.map(step("keyDown")), ...keys.toReversed().map(step("keyUp"))];
    });
    await this.post("/actions", {actions: [{type: "key", id: "keyboard", actions}]});
  }

  /** Makes a new tab the current window, and closes all others. */
  async renew(): Promise<void> {
    const {handle} = (await this.post("/window/new", {type: "tab"})) as {handle: string};
    for (const other of (await this.get("/window/handles")) as string[]) {
      if (other === handle) continue;
      await this.post("/window", {handle: other});
      await ask(this.address, "DELETE", "/window");
    }
    await this.post("/window", {handle});
  }

  async resize(width: number, height: number): Promise<void> {
    await this.post("/window/rect", {width, height});
  }

  /** Returns a picture, as a PNG, of what the window shows, or of the whole of an element. */
  async screenshot(selector?: string): Promise<Buffer> {
    const path = selector === undefined ? "" : `/element/${await this.element(selector)}`;
    return Buffer.from((await this.get(`${path}/screenshot`)) as string, "base64");
  }

  /** Ends the session, and the browser with it. */
  async close(): Promise<void> {
    await ask(this.address, "DELETE", "");
  }

  private async element(selector: string): Promise<string> {
    const using = selector.startsWith("//") ? "xpath" : "css selector";
    return ((await this.post("/element", {using, value: selector})) as Record<string, string>)[elementKey];
  }

  private get(path: string): Promise<unknown> {
    return ask(this.address, "GET", path);
  }

  private post(path: string, body: object): Promise<unknown> {
    return ask(this.address, "POST", path, body);
  }
}

const keyCodes: Record<string, string> = {
  Tab: "\uE004",
  Enter: "\uE007",
  Shift: "\uE008",
  Control: "\uE009",
  Escape: "\uE00C",
  Space: " "
};

async function ask(address: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(address + path, {method, body: body && JSON.stringify(body)});
  const {value} = (await response.json()) as {value: {error?: string; message?: string} | null};
  if (!response.ok) throw new Error(`${value?.error} (${method} ${path}): ${value?.message}`);
  return value;
}
