/** A page of Firefox, driven over WebDriver BiDi. */
import type {Browser, KeyInput, Page} from "puppeteer-core";
import {launchFirefox} from "../../tools/firefox.js";
import type {DrivenBrowser, DrivenPage} from "./driven-page.js";

/** Starts Firefox with one page. */
export async function openFirefox(): Promise<DrivenBrowser> {
  const browser = await launchFirefox();
  const page = new FirefoxPage(browser, await browser.newPage());
  return {page, close: () => browser.close()};
}

class FirefoxPage implements DrivenPage {
  constructor(
    private readonly browser: Browser,
    private page: Page
  ) {}

  async go(url: string): Promise<void> {
    await this.page.goto(url, {timeout: 60_000});
  }

  async url(): Promise<string> {
    return this.page.url();
  }

  async back(): Promise<void> {
    await this.page.goBack();
  }

  async run<T>(body: string): Promise<T> {
    return (await this.page.evaluate(`(async () => {${body}\n})()`)) as T;
  }

  async until(expression: string, patience = 30_000): Promise<void> {
    await this.page.waitForFunction(expression, {timeout: patience, polling: 50});
  }

  async click(selector: string): Promise<void> {
    await this.page.locator(selector.startsWith("//") ? `::-p-xpath(${selector})` : selector).click();
  }

  async press(...chords: string[]): Promise<void> {
    for (const chord of chords) {
      const keys = chord.split("+") as KeyInput[];
      for (const key of keys) await this.page.keyboard.down(key);
      for (const key of keys.reverse()) await this.page.keyboard.up(key);
    }
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewport({width, height});
  }

  async renew(): Promise<void> {
    const page = await this.browser.newPage();
    for (const other of await this.browser.pages()) if (other !== page) await other.close();
    this.page = page;
  }
}
