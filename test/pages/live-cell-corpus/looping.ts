import {blocks} from "./program.js";
import type {Program} from "./program.js";

// Each would never end. Those of the first text hold the page until they are stopped.
const held = String.raw`
while (true) {}
---
let x = 0;
for (;;) x++
---
do {} while (true)
---
let n = 0;
do n++; while (n > 0)
---
for (const x of (function* () { for (;;) yield 1 })()) void x;
---
const f = () => { while (true) try { while (true) {} } catch {} };
f();
---
while (true) { try { while (true) {} } finally { continue } }
---
const f = () => 1;
while (true) { try { f() } catch {} }
---
const f = () => 1, g = () => f();
for (;;) { try { g() } catch { try { f() } catch {} } }
---
function f(): void { try { f() } catch { f() } }
f();
---
const fib = (n: number): number => n < 2 ? n : fib(n - 1) + fib(n - 2);
fib(90);
---
const spin = () => Promise.resolve().then(spin);
await spin();
---
for (;;) await null;
---
for (;;) { try { await null } catch {} }
---
const again = () => queueMicrotask(again);
again();
await new Promise((resolve) => setTimeout(resolve, 60000));
---
const o = {get g(): number { for (;;) ; }};
o.g;
---
new Proxy({} as any, {get() { while (true) {} }}).x;
---
[1, 2].forEach(() => { for (;;) {} });
---
const xs = new Map([[0, 0]]);
for (const [x] of xs) { xs.delete(x); xs.set(x + 1, 0) }
---
new Set([1]).forEach((x, _, s) => { s.delete(x); s.add(x) });
---
let depth = 0;
class A { kids = ++depth < 60 ? [new A(), new A()] : []; done = --depth }
new A();
---
class B { static { for (;;) ; } }
---
const it = {[Symbol.iterator]: () => ({next: () => ({done: false, value: 1})})};
for (const x of it) void x;
---
const p: any = {then(ok: (v: unknown) => void) { ok(p) }};
await p;
---
for await (const x of (async function* () { for (;;) yield 1 })()) void x;
---
a: for (;;) { b: for (;;) { continue a } }
---
for (;;) display(1);
---
"x".replace(/x/g, () => { while (true) {} });
---
[3, 1, 2].sort(() => { for (;;) ; });
---
const f = async () => { for (;;) { try { await f() } catch {} } };
await f();
---
JSON.stringify({toJSON() { for (;;) ; }});
---
for (var i = 0; i < 1; i += 0) if (i) break;
---
performance.now = Number.bind(null, 0);
while (true) {}
`;

// These hold nothing; they go on until Stop.
const waiting = String.raw`
await new Promise(() => {});
---
await {then() {}} as any;
---
for (;;) await new Promise(requestAnimationFrame);
---
for (;;) await new Promise((resolve) => setTimeout(resolve));
---
const never = new Promise(() => {});
await Promise.race([never, never]);
---
for await (const x of (async function* () { for (;;) { await new Promise((r) => setTimeout(r, 1)); yield 1 } })()) void x;
---
try { await new Promise(() => {}) } finally { for (;;) await new Promise((r) => setTimeout(r, 1)) }
---
for (;;) { try { await new Promise((r) => setTimeout(r, 1)) } catch {} }
`;

/** Programs that the watchdog must stop: each takes all the time that it has, which the test shortens to 0.25 s. */
export const heldPrograms: Program[] = blocks(held).map((source) => ({
  kind: "looping",
  source,
  expect: {message: /The code held the page for 0\.25 seconds/},
  alone: source.startsWith("performance.now =")
}));

/** Programs that go on, without holding the page, until Stop is pressed. */
export const waitingPrograms: Program[] = blocks(waiting).map((source) => ({
  kind: "looping",
  source,
  expect: "stopped"
}));
