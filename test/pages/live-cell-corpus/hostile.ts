import {blocks} from "./program.js";
import type {Program} from "./program.js";

// What may share a page. Each gives a value or an error; either is fine, so long as the page lives and the next one works.
const mild = String.raw`
new Proxy({}, {get() { throw new Error("get") }})
---
display(new Proxy({}, {get() { throw new Error("get") }, getPrototypeOf() { throw new Error("proto") }, ownKeys() { throw new Error("keys") }}));
---
throw new Proxy({}, {get() { throw new Error("get") }, getPrototypeOf() { throw new Error("proto") }});
---
const p = new Proxy(() => 1, {get() { throw new Error("get") }, apply() { throw new Error("apply") }});
---
({toString() { throw new Error("toString") }, get [Symbol.toStringTag]() { throw new Error("tag") }})
---
class Evil extends Error { get message(): string { throw new Error("message") } get stack(): string { throw 1 } }
throw new Evil();
---
throw Object.assign(new Error("odd stack"), {stack: 5, name: Symbol("n")});
---
const circle: any = {}; circle.self = circle; circle.list = [circle]; display(circle);
throw circle;
---
"x".repeat(2 ** 20)
---
"x".repeat(2 ** 30)
---
new Float64Array(2 ** 28)
---
new Array(2 ** 32 - 1).length
---
Array.from({length: 2e5}, (_, i) => ({i}))
---
for (let i = 0; i < 5000; i++) setTimeout(() => (globalThis.pokes = 1), 60000 + i);
display("timers");
---
for (let i = 0; i < 3000; i++) requestAnimationFrame(() => {});
display("frames");
---
document.addEventListener("click", () => { throw new Error("click") });
addEventListener("resize", () => {});
display("listening");
---
void Promise.reject(new Error("nobody waits"));
display("rejected");
---
void invalidation.then(() => { throw new Error("at the end") });
display("closing over invalidation");
---
void (async () => { await invalidation; for (;;) ; })();
display("spins at the end");
---
const bad = {then() { throw new Error("then") }};
await bad;
---
({then(ok: any, no: any) { no(new Error("refused")); ok(1); ok(2) }})
---
const never = {then() {}};
---
const [a, b] = [Symbol("x"), Symbol.iterator]; display({[a]: 1, [b]: 2});
---
class W extends Worker { terminate() { throw new Error("terminate") } }
new W(URL.createObjectURL(new Blob([""])));
display("a worker that does not end");
---
const constructor = 1, toString = 2, hasOwnProperty = 3, valueOf = 4, __proto__ = 5, then = 6;
display("names of Object");
---
const g = (function* () { try { for (let i = 0; ; i++) yield i } finally { throw new Error("closed") } })();
display("generator");
---
const g2 = (async function* () { yield 1; throw new Error("second") })();
display("failing generator");
---
const input = Object.assign(document.createElement("input"), {value: "1"}); const v1 = view(input); Object.defineProperty(input, "value", {get() { throw new Error("value") }}); input.dispatchEvent(new Event("input"));
---
const n1 = document.createElement("b"); display(n1); display(n1); n1.remove(); display(document.createDocumentFragment());
---
display(document.body);
---
display(document.querySelector("main"));
---
const e1 = document.createElement("script"); e1.textContent = "throw 1"; display("script");
---
await fetch("nothing-here-at-all.txt", {signal: AbortSignal.abort()});
---
new BroadcastChannel("x"); new ResizeObserver(() => {}); display("opened");
---
await tf.useBackend("cpu"); const t1 = tf.zeros([1000]); tf.ones([5]); display(t1.size);
---
await tf.useBackend("cpu"); tf.zeros([10]); throw new Error("with tensors");
---
await tf.useBackend("cpu"); setInterval(() => tf.zeros([10]), 1); display("tensors in time");
---
Function("return this")().x1 = 1; (0, eval)("1"); new Function("a", "return a")(1)
---
for (let i = 0; i < 2000; i++) display(i);
---
//# sourceURL=elsewhere.js
display("named elsewhere"); /* */ //
---
"*/ \` \${1} </script><!-- -->"
---
display("}); } finally {} __live".length);
---
class Counter { static #n = 0; static next() { return ++this.#n } }
display(Counter.next());
---
globalThis.setTimeout(() => {}, 1e6); self.setInterval(() => {}, 1e6); window["setTimeout"](() => {}, 1); display("by other names");
---
const {setInterval: own} = window; const id1 = own(() => {}, 50); setTimeout(() => clearInterval(id1), 120); display("taken out");
---
document.dispatchEvent(new Event("visibilitychange")); dispatchEvent(new Event("hashchange")); dispatchEvent(new ErrorEvent("error")); display("events");
---
const rows = Array.from({length: 60}, (_, i) => "a".repeat(i)); const slow = /^(a+)+$/.test("a".repeat(25) + "b"); display(slow);
---
await new Promise((r) => { const c = new MessageChannel(); c.port1.onmessage = r; c.port2.postMessage(1) }); display("message");
`
  .replaceAll("\\`", "`")
  .replaceAll("\\$", "$");

// These change their page for good.
const wild = String.raw`
document.querySelectorAll(".cm-editor").forEach((e) => e.remove()); display("no editor");
---
document.querySelectorAll(".cm-content").forEach((e) => (e.innerHTML = "")); display("emptied");
---
window.onerror = () => { throw new Error("again") }; addEventListener("error", (e) => e.stopImmediatePropagation(), true); setTimeout(() => { throw new Error("x") }); display("onerror");
---
(Object.prototype as any).polluted = () => 1; (Object.prototype as any).display = 2; (Array.prototype as any).extra = 3; display("polluted");
---
try { for (let i = 0; ; i++) localStorage.setItem("full" + i, "x".repeat(2 ** (i < 4 ? 20 : 10))) } catch {} display("storage full");
---
history.pushState(null, "", "elsewhere?x=1#y"); display("elsewhere");
---
Error.stackTraceLimit = 0; (Error as any).prepareStackTrace = () => 5; throw new Error("no stack");
---
document.querySelectorAll("live-cell").forEach((c) => { const n = c.nextSibling, p = c.parentNode!; c.remove(); p.insertBefore(c, n) }); display("moved");
---
(window as any).__live = {tick() {}}; (globalThis as any).define = 1; Object.freeze(Math); display("globals");
---
customElements.define("x-y", class extends HTMLElement { connectedCallback() { throw new Error("connected") } }); display(document.createElement("x-y"));
`;

const either = {either: /./};

/** Programs that do harm; those of the second kind need a page of their own. */
export const hostilePrograms: Program[] = [
  ...blocks(mild).map((source) => ({kind: "hostile" as const, source, expect: either, wait: 20})),
  ...blocks(wild).map((source) => ({kind: "hostile" as const, source, expect: either, wait: 50, alone: true}))
];
