// A page whose code did not start says so, and what the host must do. Loaded by start-watch.ts, as a plain script in the
// words of 2016: what it tells of is that modules do not run.

export {};

interface Failure {
  url: string;
  kind: "script" | "style";
}

const asFile =
  "It was opened as a file, and a browser loads a page’s code only from a web server. The zip of the course has a small " +
  "one: START.txt beside the pages tells how to start it.";
const oldBrowser = "This browser is too old for them: take one of 2023 or newer.";
const sandboxed =
  "The frame around it is sandboxed so that it cannot load its code. Whoever made the frame can write " +
  'sandbox="allow-scripts allow-same-origin", or leave the word sandbox out.';

const started = "started" in document.documentElement.dataset;
const {startEvents = []} = window as Window & {startEvents?: Event[]};
const failures = startEvents.map(failureOf).filter((failure) => failure !== undefined);

const notice = document.createElement("div");
notice.id = "start-notice";
notice.setAttribute("role", "alert");
notice.style.cssText = "margin: 1rem 0; padding: 0.75rem 1rem; border: 2px solid #d55e00; overflow-wrap: anywhere";
const main = document.querySelector("main") || document.body;
main.insertBefore(notice, main.firstChild);
void cause().then((text) => {
  const what = started
    ? "A part of this page did not load."
    : "The text of this page is here, but its figures did not start.";
  notice.textContent = `${what} ${text}`;
});

// The error of a module in the page itself names no file. A part that is loaded when it is needed rejects a promise, and
// each browser has words of its own for it.
function failureOf(event: Event): Failure | undefined {
  const {target} = event;
  if (target instanceof HTMLScriptElement && target.src) return {url: target.src, kind: "script"};
  if (target instanceof HTMLLinkElement) return {url: target.href, kind: /style/.test(target.rel) ? "style" : "script"};
  const [url] = /https?:\S+/.exec(String((event as PromiseRejectionEvent).reason)) || [];
  return url === undefined ? undefined : {url, kind: "script"};
}

function cause(): Promise<string> {
  if (location.protocol === "file:") return Promise.resolve(asFile);
  if (isOld()) return Promise.resolve(oldBrowser);
  if (isSandboxed()) return Promise.resolve(sandboxed);
  const {url, kind} = failures[0] || firstScript();
  return fetch(url, {cache: "no-store"}).then((answer) => hostFault(answer, kind), noAnswer);

  function noAnswer(): string {
    return `${fileName(url)} could not be loaded: is there a connection? Then load the page again.`;
  }
}

// Files of the site ask for what browsers learned until the spring of 2023.
function isOld(): boolean {
  const badSyntax = !started && startEvents.some((event) => (event as ErrorEvent).error instanceof SyntaxError);
  return badSyntax || !("noModule" in HTMLScriptElement.prototype) || !("hasOwn" in Object) || !("at" in []);
}

function isSandboxed(): boolean {
  return self.origin === "null";
}

// What the page's own module imports first.
function firstScript(): Failure {
  const found = document.querySelector<HTMLLinkElement>('link[rel="modulepreload"]');
  return {url: found ? found.href : location.href, kind: "script"};
}

function hostFault(answer: Response, kind: Failure["kind"]): string {
  const file = fileName(answer.url);
  const [type] = (answer.headers.get("Content-Type") || "no type").split(";");
  const [extension, wanted] = kind === "script" ? [".js", "text/javascript"] : [".css", "text/css"];
  if (!answer.ok)
    return `The host does not have ${file} (${answer.status}). It needs all files of the built site, also those in folders that begin with _.`;
  if (type === "text/html")
    return `In the place of ${file} the host sends a web page. It needs all files of the built site, and must send each as it is.`;
  if (kind === "script" ? !/javascript|ecmascript/.test(type) : type !== wanted)
    return `The host sends ${file} as ${type}. It must send files that end in ${extension} as ${wanted}.`;
  return `${file} can be loaded now: load the page again.`;
}

function fileName(url: string): string {
  return (url.replace(/[?#].*$/, "").match(/[^/]+$/) || ["a file"])[0];
}
