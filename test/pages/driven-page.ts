/** One page of a browser, whichever it is: what the tests that run in each of them need. */
export interface DrivenPage {
  /** Opens an address, and waits for the page's load event. */
  go(url: string): Promise<void>;
  url(): Promise<string>;
  back(): Promise<void>;
  /** Runs the body of a function in the page, and returns what it returns or what its promise resolves to. */
  run<T>(body: string): Promise<T>;
  /** Waits until an expression is truthy. */
  until(expression: string, patience?: number): Promise<void>;
  /** Clicks into the middle of the first element that a CSS selector, or an XPath that begins with //, names. */
  click(selector: string): Promise<void>;
  /** Presses keys one after the other, some held by others: `press("Shift+Enter", "Tab")`. */
  press(...chords: string[]): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** Leaves the page for a new one, and closes all others. What the browser keeps stays. */
  renew(): Promise<void>;
}

/** A browser that is running, with its one page. */
export interface DrivenBrowser {
  page: DrivenPage;
  close(): Promise<void>;
}

const charset = '<meta charset="utf-8">';

/** Puts a script before all of a page, by which `faultsOf` and `warningsOf` know what went wrong and what it warned of. */
export function watched(html: string): string {
  return html.replace(charset, () => `${charset}<script>${watch}</script>`);
}

/** A page without its policy and the script that guards it. */
export function unguarded(html: string): string {
  const policy = /<meta http-equiv="Content-Security-Policy"[^>]*>/;
  const guard = /<script>(?:(?!<\/script>)[^])*?not opened, since it is not of this site[^]*?<\/script>/;
  if (!policy.test(html) || !guard.test(html)) throw new Error("the page has no policy or no guard to take out");
  return html.replace(policy, "").replace(guard, "");
}

/** What went wrong in a page that was `watched`, one sentence each. */
export function faultsOf(page: DrivenPage): Promise<string[]> {
  return page.run("return globalThis.watched.faults");
}

/** What a page that was `watched` has warned of. */
export function warningsOf(page: DrivenPage): Promise<string[]> {
  return page.run("return globalThis.watched?.warnings ?? []"); // none where the page has been led out
}

const watch = `{
  const {faults, warnings} = (globalThis.watched = {faults: [], warnings: []});
  addEventListener("error", ({target, message, error}) =>
    faults.push(message ? "page error: " + message + " " + (error?.stack ?? "") : "did not come: " + (target.src || target.href)), true);
  addEventListener("unhandledrejection", ({reason}) => faults.push("page error: " + reason + " " + (reason?.stack ?? "")));
  addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI, sourceFile, lineNumber}) =>
    faults.push(violatedDirective + " stopped " + blockedURI + " in " + sourceFile + ":" + lineNumber));
  for (const [name, list] of [["error", faults], ["warn", warnings]]) {
    const say = console[name];
    console[name] = (...words) => (list.push(words.map(String).join(" ")), say.apply(console, words));
  }
}`;
