import {blocks, showing} from "./program.js";

// Expressions, classes and types that can be erased; the last line of each block is the value that is compared.
const text = String.raw`
[1 + 2 * 3 ** 2, 7 % 4, (-2) ** 2, ~5, !0, +"3", 2 ** -1].length
---
[1 < 2, 1 <= 1, 2 > 1, 1 === 1, 1 !== 2, "1" == (1 as any), null == undefined]
---
[5 & 3, 5 | 3, 5 ^ 3, 1 << 4, -16 >> 2, -16 >>> 28]
---
[void 0 ?? 1, 0 || 2, 0 ?? 3, "" && 4, (1, 2)]
---
[typeof 1, typeof "s", typeof {}, typeof (() => 1), typeof Symbol(), typeof 1n, typeof undefined]
---
[0x1f, 0b101, 0o17, 1_000_000, .5, 5., 1e3, 123n ** 5n]
---
["\u{1F600}", "\x41", 'it\'s', \`\${1}\${\`\${2}\`}\`]
---
const tag = (s: TemplateStringsArray, ...v: unknown[]) => s.raw.join("|") + v.join(); const r = tag\`a\${1}\\n\${2}c\`;
r
---
const o: any = {a: {b: null}}; const z: any = null;
[o?.a?.b?.c, z?.x.y.z, z?.[1], z?.(), o.a?.["b"], o.f?.(1) ?? "none"]
---
const none = null as any; const r = none?.parent.addEventListener("x", () => 1);
r === undefined
---
const t = new EventTarget(); let n = 0; (0, t).addEventListener("x", () => n++); t
  ?.addEventListener("x", () => n++, {once: true}); t.dispatchEvent(new Event("x")); t.dispatchEvent(new Event("x"));
n
---
class Loader extends EventTarget { fetch(x: number) { return x + 1 } setTimeout = (x: number) => x * 2; both() { return [this.fetch(1), this.setTimeout(2)] } }
new Loader().both()
---
const o = {fetch: (x: number) => x, setTimeout(x: number) { return this.fetch(x) + 1 }};
o.setTimeout(4)
---
const k = "key"; const o = {[k + 1]: 1, k, get g() { return 2 }, set g(v) { void v }, *gen() { yield 3 }, async am() {}, 4: 5, "six seven": 8, __proto__: {inherited: 9}} as any;
[Object.keys(o), o.g, [...o.gen()], o.inherited]
---
const {length} = "abc"; const a = [...[1, 2], ...new Set([3]), ..."45"]; const o = {...{x: 1}, ..."z", ...null} as any;
[length, a, o]
---
"x-y-z".replace(/-(?<l>\w)/g, (_, l: string) => l.toUpperCase())
---
[.../a(?=b)|(?<!c)d/gsu[Symbol.matchAll]("ab d cd")].map((m) => m.index)
---
[/[/]/.test("/"), 4 / 2 / 1, "a/b".split(/\//)]
---
const a = 8, g = 2, i = 1; const r = a /g/ i;
r
---
class P { #x = 1; static #n = 0; static made() { return this.#n } get x() { return this.#x } set x(v) { this.#x = v } #hid() { return this.#x * 2 } run() { return this.#hid() } static is(o: object) { return #x in o } static { P.#n = 5 } }
const p = new P(); p.x = 7;
[p.x, p.run(), P.is(p), P.is({}), P.made()]
---
class A { name = "a"; own = () => this.name; static count = 3; ["comp" + 1] = 4; fn = function () {}; arrow = () => 1; cls = class {} } class B extends A { override name = "b"; constructor() { super(); this.name += "!" } }
const b = new B() as any;
[b.own(), A.count, b.comp1, b.fn.name, b.arrow.name, b.cls.name]
---
class A { static make() { return new this() } who() { return "A" } } class B extends A { who() { return super.who() + "B" } static make() { return super.make() } get [Symbol.toStringTag]() { return "BB" } }
[B.make().who(), String(new B())]
---
abstract class Shape { abstract area(): number; declare hidden: string; describe(): string { return "area " + this.area() } } class Sq extends Shape { constructor(readonly_: number) { super(); this.s = readonly_ } private readonly s: number; area() { return this.s ** 2 } }
new Sq(3).describe()
---
const C = class Named { static n = Named.name }; const D = class {}; const F = () => {};
[C.n, D.name, F.name]
---
class L extends Array<number> { sum() { return this.reduce((a, b) => a + b, 0) } } class E2 extends Error { override name = "E2" }
[L.from([1, 2, 3]).sum(), String(new E2("m"))]
---
class T { static async *[Symbol.asyncIterator]() { yield 1; yield 2 } static async f(this: typeof T) { return 3 } }
const got = []; for await (const x of T) got.push(x);
[got, await T.f()]
---
const f = function () { return new.target === undefined }; const o = Reflect.construct(Date, [0]);
[f(), o.getTime()]
---
const {abs, max} = Math; const id = <T,>(x: T): T => x; const as = async <T extends object = {}>(x: T) => x;
[abs(-1), max(1, 2), id<number>(3), await as({a: 1})]
---
function over(x: string): string; function over(x: number): number; function over(x: any) { return x }
[over(1), over("a")]
---
type Tree<T> = {value: T; kids?: Tree<T>[]}; interface Box<in out T extends unknown = string> extends Record<string, unknown> { readonly v: T; new (x: T): Box<T>; (y: T): void; [key: string]: any; method?(): void; get acc(): T }
const sum = (t: Tree<number>): number => t.value + (t.kids ?? []).reduce((a, k) => a + sum(k), 0);
sum({value: 1, kids: [{value: 2, kids: [{value: 3}]}]})
---
const colors = {red: 1, blue: 2} as const satisfies Record<string, number>; type Key = keyof typeof colors; const k: Key = "red" as Key;
colors[k]!
---
const isString = (x: unknown): x is string => typeof x === "string"; function must(x: unknown): asserts x { if (!x) throw new Error() } must(1);
[isString("a"), isString(1)]
---
let late!: number; late = 3; const o = {v: [1] as number[] | undefined}; o.v![0]++; const n = <number>(o.v![0] as unknown);
[late, n]
---
type Fn = abstract new (...args: readonly [a: number, b?: string, ...rest: boolean[]]) => unique_; type unique_ = {-readonly [K in keyof Fn as \`get\${Capitalize<K & string>}\`]+?: Fn[K] extends infer U extends string ? U : never}; declare const ghost: unique symbol; declare function phantom(): void; declare let dl: number; declare class Dc { x: 1 }
1
---
declare namespace Nothing { const a: number } declare enum None { a } declare module "m" { export const x: 1 } declare global { interface Window { q: 1 } }
2
---
import type {Schedule} from "./lib/schedule.js"; const s = null as Schedule | null;
s
---
function f<const T extends readonly unknown[]>(this: void, x: T, y?: number, ...z: readonly string[]): T { return x }
f([1, 2])
---
const f = (a: number, b = (c: number): number => c + a): number => b(1); const t = true ? (x: number) => x : (y: number): number => -y;
f(2)
---
const g = {m<T>(x: T) { return x }, async *n<T>(x: T): AsyncGenerator<T> { yield x }, get p(): number { return 1 }}; const make = Array<number>; const inst = new Map<string, Array<Array<number>>>();
[g.m<number>(2), g.p, make(2).length, inst.size]
---
const a = 1, b = 2, c = 3; const cmp = [a < b, b > c]; const shifted = a << b >> c;
[cmp, shifted]
---
const x = {a: 1} as any as {a: number}; const y = (x satisfies object).a as number; const z = x!.a!; const as = 1, satisfies = 2, type = 3, of = 4, async = 5, get = 6, set = 7, declare = 8, abstract = 9, readonly = 10, infer = 11, is = 12, namespace = 13, module = 14, keyof = 15;
[y, z, as + satisfies + type + of + async + get + set + declare + abstract + readonly + infer + is + namespace + module + keyof]
---
const o = {type: 1, enum: 2, namespace: 3, class: 4, declare: 5, if: 6, private: 7}; type = 2; var type: any
[o.type, o.enum, o.namespace, o.class, o.declare, o.if, o.private]
---
const s = Symbol.for("x"); const w = new WeakMap([[{}, 1]]); const r = new WeakRef({});
[s.description, w instanceof WeakMap, typeof r.deref()]
---
const p = new Proxy({} as any, {get: (_, k) => String(k) + "!", has: () => true}); const r = Reflect.ownKeys({a: 1, [Symbol.iterator]: 2}).length;
[p.hi, "z" in p, r]
---
const thenable = {then(ok: (x: number) => void) { ok(42) }}; const v = await (thenable as any);
v
---
const it = {*[Symbol.iterator]() { yield 1; yield 2 }}; const [a, ...b] = it; const m = Math.max(...it);
[a, b, m]
---
[[3, 1, 2].toSorted?.() ?? "old", [1, 2, 3].at(-1), Object.hasOwn({a: 1}, "a"), [[1, [2]]].flat(Infinity), "aXbX".replaceAll("X", "-")]
---
const d = new Date(Date.UTC(2020, 1, 29)).toISOString(); const n = (1234.5).toFixed(2); const j = JSON.parse('{"a":[1,{"b":null}]}');
[d, n, j]
---
const f32 = Float32Array.of(1.5, 2.5); const bytes = new DataView(f32.buffer); structuredClone({a: [1n]});
[...f32.map((x) => x * 2), bytes.byteLength]
---
const esc = (strings: TemplateStringsArray) => strings[0]; const bad = esc\`\\unicode\`;
bad === undefined
---
const e = new Error("outer", {cause: new TypeError("inner")}); const a = new AggregateError([e]);
[(e.cause as Error).name, a.errors.length]
---
const f = async function* <T>(xs: Iterable<T>) { for (const x of xs) yield await x }; const out = []; for await (const x of f([Promise.resolve(1), 2])) out.push(x);
out
---
const curry = (f: any) => (...a: any[]): any => a.length >= f.length ? f(...a) : (...b: any[]) => curry(f)(...a, ...b);
curry((a: number, b: number, c: number) => a + b + c)(1)(2, 3)
---
const later = async () => (await Promise.all([1, 2])).map((x) => x + 1), first = async (x: number) => ({x});
[await later(), await first(1)]
---
const \u0061b = 1, ünï = 2, $ = 3, _1 = 4; const 变量 = 5;
[ab, ünï, $, _1, 变量]
---
import {makeSchedule} from "./lib/schedule.js";
import * as random from "./lib/random.js";
import {seededRandom as seeded, type Random} from "./lib/random.js";
import "./lib/ode.js";
[typeof makeSchedule, typeof random.seededRandom, seeded === random.seededRandom]
`
  .replaceAll("\\`", "`")
  .replaceAll("\\$", "$");

/** Programs of expressions, classes and types that run to their end. */
export const validExpressions: string[] = blocks(text).map(showing);

/** Lone expressions, which are shown without being asked to; all are numbers, whose text is plain. */
export const loneExpressions: string[] = blocks(String.raw`
1 + 1
---
(1, 2)
---
await Promise.resolve(3)
---
[4, 5].length
---
((x: number) => x * 2)(3)
---
/* before */ 7 // after
---
true ? 8 : 9
---
[1, 2, 3]
  .map((x) => x * 2)
  .reduce((a, b) => a + b)
---
(() => { let s = 0; for (let i = 0; i < 5; i++) s += i; return s })()
---
new (class { x = 5 })().x
---
(function () { return 6 })()
---
[...(function* () { yield* [1, 2] })()].length
---
await (async () => { await null; return 77 })()
---
-0 + 1 as number
---
({a: 9}).a
---
"abc".length!
---
await new Promise<number>((resolve) => setTimeout(resolve, 5, 12))
---
await new Promise<number>(requestAnimationFrame) > 0 ? 1 : 0
---
Number(10n ** 3n)
---
(await import("./lib/random.js")).seededRandom(1).integer(1)
`);
