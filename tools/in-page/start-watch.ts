// Sees whether the page's code starts; if it does not, start-fault.ts is loaded to say why. In the page itself, before
// all modules, and short, since every page holds it.

export {};

declare const faultScript: string; // its address, put in by tools/page-start.ts

// A frame of another site may be refused storage, by an error at the first touch. Framework's own lines, which keep there
// what of the sidebar is open, would end the page's script.
try {
  void sessionStorage.length;
} catch {
  Object.defineProperty(window, "sessionStorage", {value: {getItem() {}, setItem() {}}});
}

const page = window as Window & {startEvents?: Event[]}; // what start-fault.ts reads
const events: Event[] = [];
const isFault = (event: Event & {reason?: unknown}) =>
  /^(SCRIPT|LINK)$/.test((event.target as Node).nodeName) || /module/.test(String(event.reason));

for (const type of ["error", "unhandledrejection", "load"]) {
  const see = (event: Event): void => {
    if (type !== "load") events.push(event);
    if (document.readyState !== "complete" || page.startEvents) return;
    if ("started" in document.documentElement.dataset && !events.some(isFault)) return;
    page.startEvents = events;
    const script = document.createElement("script");
    script.src = faultScript;
    document.head.appendChild(script);
  };
  addEventListener(type, see, true); // the failure of a file does not bubble
}
