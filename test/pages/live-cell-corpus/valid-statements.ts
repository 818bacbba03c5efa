import {blocks, showing} from "./program.js";

// Statements of ES2022; the last line of each block is the value that is compared.
const text = String.raw`
let s = 0; for (let i = 0; i < 5; i++) s += i;
s
---
let n = 0; while (n < 7) n++;
n
---
let n = 10; do n--; while (n > 3)
n
---
let n = 10; do { n -= 2 } while (n > 3);
n
---
const out: string[] = []; for (const k in {a: 1, b: 2}) out.push(k);
out
---
const out: number[] = []; for (const [i, v] of [3, 4, 5].entries()) out.push(i * v);
out
---
const fns: (() => number)[] = []; for (let i = 0; i < 3; i++) fns.push(() => i * i);
fns.map((f) => f())
---
let hits = 0; outer: for (let i = 0; i < 4; i++) { for (let j = 0; j < 4; j++) { if (j === 2) continue outer; if (i === 3) break outer; hits++ } }
hits
---
let hits = 0; outer: for (;;) inner: for (;;) { if (++hits > 3) break outer; continue inner; }
hits
---
let x = 0; block: { x = 1; if (x) break block; x = 2; }
x
---
const kind = (v: unknown) => { switch (typeof v) { case "number": return "n"; case "string": { const t = "s"; return t } default: return "?" } };
[kind(1), kind("a"), kind(null)]
---
let log = ""; switch (2 as number) { case 1: log += 1; case 2: log += 2; case 3: log += 3; break; default: log += "d"; }
log
---
let log = ""; try { log += "a"; throw new Error("b"); } catch (e) { log += (e as Error).message; } finally { log += "c"; }
log
---
const f = () => { try { return "try" } finally { log.push("finally") } }; const log: string[] = [];
[f(), log]
---
const f = () => { for (const i of [1, 2, 3]) { try { continue } finally { if (i === 2) return i } } return 0 };
f()
---
let caught; try { null!.x } catch { caught = true }
caught
---
let r; if (false) r = 1; else if (true) r = 2; else r = 3
r
---
var a = 1; var a = 2; { var a = 3 }
a
---
let a = 1; { let a = 2; a++ }
a
---
const a = later(); function later() { return inner(); function inner() { return 7 } }
a
---
const {a, b: {c = 5, ...rest}, ...others} = {a: 1, b: {d: 2, e: 3}, f: 4, g: 5} as any;
[a, c, rest, others]
---
const [x, , y = 9, ...zs] = [1, 2, undefined, 4, 5];
[x, y, zs]
---
let p = 1, q = 2; [p, q] = [q, p]; ({p, q} = {p: q, q: p} as any);
[p, q]
---
const o = {} as any; [o.a, o["b"]] = [1, 2]; ({c: o.c = 3} = {} as any);
o
---
const f = ({a = 1, b = a + 1}: {a?: number; b?: number} = {}, [c = b] = [] as number[], ...d: number[]) => [a, b, c, d];
[f(), f({a: 5}, [1], 2, 3)]
---
let a = 1; a ||= 2; let b: number | null = null; b ??= 3; let c = 1; c &&= 4; a **= 3; a <<= 2; a >>>= 1;
[a, b, c]
---
const g = function* () { const x: number = yield 1; const y: number = yield x + 1; return x + y };
const it = g();
[it.next(), it.next(5), it.next(6), it.next()]
---
function* g() { yield; yield* [1, 2]; return yield* h() } function* h() { yield 3; return 4 }
[...g()]
---
function* walk(n: number): Generator<number> { if (n > 0) { yield* walk(n - 1); yield n; yield* walk(n - 1) } }
[...walk(4)].join("")
---
function* g() { try { yield 1; yield 2 } finally { log.push("closed") } } const log: string[] = []; for (const x of g()) { log.push(String(x)); break }
log
---
function* g() { yield (1, 2) } const [two] = g();
two
---
const v = await (1, 2);
v
---
async function f() { var a: any = 1; function a() {} return typeof a }
await f()
---
async function f() { function a() { return 1 } function a() { return 2 } return a() }
await f()
---
async function* ag() { for (let i = 0; i < 3; i++) { await null; yield i } } const got: number[] = []; for await (const x of ag()) got.push(x);
got
---
const got: number[] = []; for await (const x of [Promise.resolve(1), 2]) { if (x === 2) break; got.push(x) }
got
---
const got: number[] = []; outer: for await (const x of [1, 2, 3]) { for await (const y of (0, [1, 2])) { if (y === 2) continue outer; if (x === 3) break outer; got.push(x * y) } }
got
---
const r = await Promise.all([1, 2, 3].map(async (x) => { await null; return x * 2 }));
r
---
const r = await Promise.allSettled([Promise.reject(new Error("no")), 1]);
r.map((x) => x.status)
---
const sleep = (ms: number) => new Promise<void>((r) => setTimeout(r, ms)); let n = 0; while (n < 3) { await sleep(1); n++ }
n
---
const f = async () => { try { await Promise.reject(new TypeError("t")) } catch (e) { return (e as Error).name } };
await f()
---
const x = await new Promise<number>((r) => queueMicrotask(() => r(4)));
x
---
const order: number[] = []; const p = Promise.resolve().then(() => order.push(2)); order.push(1); await p; order.push(3);
order
---
let i = 0
const a = [1, 2, 3]
;[i] = a
;(() => { i += 10 })()
i
---
label: if (true) { break label }
"done"
---
;;;{}
"empty"
---
const f = function fact(n: number): number { return n < 2 ? 1 : n * fact(n - 1) };
f(6)
---
const f = (n: number): number => n < 2 ? n : f(n - 1) + f(n - 2);
f(15)
---
const fixed = ((f: any) => ((x: any) => x(x))((x: any) => f((y: any) => x(x)(y))))((s: any) => (n: number) => n ? n * s(n - 1) : 1);
fixed(5)
---
function f() { return [arguments.length, new.target === undefined] } const g = (...a: any[]) => (f as any)(...a, 0);
g(1, 2)
---
debugger
"debugged"
---
const o = {f() { return (() => this.x)() }, x: 4};
o.f()
---
var e = 0; for (var i = 0, j = 10; i < j; i++, j--) e += j - i;
[e, i, j]
---
const s = new Set<number>([1]); for (const x of s) if (x < 5) s.add(x + 1);
[...s]
---
const m = new Map([["a", 1]]); for (const [k, v] of m) if (v < 4) m.set(k + k, v + 1);
[...m.keys()]
---
let s = ""; for (const c of "a😀b") s = c + s;
s
---
for (var k of []) ; let z = k
z ?? "nothing"
---
let n = 0; for (;;) if (++n === 100) break;
n
---
const out = []; for (let i = 0, n = 2; i <= n; out.push(i), i++);
out
`;

/** Programs of statements that run to their end. */
export const validStatements: string[] = blocks(text).map(showing);
