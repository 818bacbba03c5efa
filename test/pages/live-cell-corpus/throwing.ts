import {seededRandom} from "../../../lib/random.js";
import type {Program} from "./program.js";

// Each throws in the line that has THROW; `later` is for what throws when the run is over.
const now: [code: string, message: RegExp][] = [
  ["throw new Error('plain'); // THROW", /Error: plain$/],
  ["const r = null as any;\nr.x; // THROW", /TypeError: Cannot read properties of null/],
  ["const f = (x: any) =>\n  x.y.z; // THROW\nf({});", /TypeError: Cannot read properties of undefined/],
  ["notHere.at.all; // THROW", /notHere is not defined: no cell/],
  ["let t = u; // THROW\nlet u = 1;", /ReferenceError: Cannot access 'u' before initialization/],
  ["const c = 1;\n(c as any) = 2; // THROW", /TypeError: Assignment to constant variable/],
  ["new Array(-1); // THROW", /RangeError: Invalid array length/],
  ["(1).toFixed(200); // THROW", /RangeError: toFixed/],
  ["JSON.parse('{'); // THROW", /SyntaxError: /],
  ["new RegExp('('); // THROW", /SyntaxError: Invalid regular expression/],
  ["decodeURIComponent('%'); // THROW", /URIError/],
  ["BigInt(1.5); // THROW", /RangeError: The number 1.5/],
  ["const s: any = Symbol();\n`${s}`; // THROW", /TypeError: Cannot convert a Symbol/],
  ["await Promise.reject(\n  new Error('rejected') // THROW\n);", /Error: rejected$/],
  ["await (async () => {\n  await null;\n  throw new TypeError('async'); // THROW\n})();", /TypeError: async$/],
  ["await Promise.all([1, (async () => { throw new Error('all'); })()]); // THROW", /Error: all$/],
  ["await Promise.any([\n  Promise.reject(1)\n]); // NONE", /AggregateError/],
  ["const o = {get g(): number {\n  throw new Error('getter'); // THROW\n}};\no.g;", /Error: getter$/],
  ["class A {\n  constructor() {\n    throw new Error('made'); // THROW\n  }\n}\nnew A();", /Error: made$/],
  ["class A {\n  x = (() => {\n    throw new Error('field'); // THROW\n  })();\n}\nnew A();", /Error: field$/],
  ["class A {\n  static {\n    throw new Error('static'); // THROW\n  }\n}", /Error: static$/],
  [
    "for (const x of (function* () {\n  yield 1;\n  throw new Error('generator'); // THROW\n})()) void x;",
    /Error: generator$/
  ],
  [
    "for await (const x of (async function* () {\n  yield 1;\n  throw new Error('agen'); // THROW\n})()) void x;",
    /Error: agen$/
  ],
  ["for (const x of 5 as any) void x; // THROW", /TypeError: .*not iterable/],
  ["const {a: {b}} = {} as any; // THROW", /TypeError: Cannot read properties of undefined/],
  [
    "[1, 2].map((x) => {\n  if (x > 1)\n    throw new Error('callback'); // THROW\n  return x;\n});",
    /Error: callback$/
  ],
  ["try {\n  throw new Error('first');\n} catch (e) {\n  throw new Error('second'); // THROW\n}", /Error: second$/],
  ["try {\n  throw new Error('lost');\n} finally {\n  throw new Error('kept'); // THROW\n}", /Error: kept$/],
  ["new Proxy({} as any, {get() {\n  throw new Error('trap'); // THROW\n}}).x;", /Error: trap$/],
  ["class Own extends RangeError {\n  override name = 'Own';\n}\nthrow new Own('mine'); // THROW", /Own: mine$/],
  ["display(1);\nthrow new Error('after display'); // THROW", /Error: after display$/],
  ["throw new Error('live-cell/expression.ts:1 lies'); // THROW", /Error: live-cell.expression.ts:1 lies$/],
  ["throw new Error('x'.repeat(1e6)); // THROW", /Error: x{1900,2100} …$/],
  ["document.createElement('<'); // THROW", /InvalidCharacterError/],
  ["document.querySelector('[['); // THROW", /SyntaxError/],
  ["super_; // THROW\nfunction g() { return super_; }", /super_ is not defined/],
  ["(await import('./lib/random.js')).seededRandom(0.5); // THROW", /RangeError/],
  ["await import('./nothing.js'); // THROW", /“\.\/nothing\.js” is not here to import/],
  ["setTimeout('1' as any); // THROW", /TypeError: a timer takes a function/],
  ["function deep(): number { return deep() + 1; } // THROW\ndeep();", /RangeError: Maximum call stack/],
  ["throw 5; // NONE", /The code threw 5\.$/],
  ["throw 'text'; // NONE", /The code threw text\.$/],
  ["throw undefined; // NONE", /The code threw undefined\.$/],
  ["throw null; // NONE", /The code threw null\.$/],
  ["throw {code: 5}; // NONE", /The code threw \{"code":5\}\.$/],
  ["throw Symbol('s'); // NONE", /The code threw Symbol\(s\)\.$/],
  ["throw () => 1; // NONE", /The code threw a function\.$/],
  ["await Promise.reject(10n); // NONE", /The code threw 10\.$/],
  ["throw {toJSON() { throw 1; }}; // NONE", /The code threw a value that cannot be shown\.$/],
  ["throw {toJSON() {}}; // NONE", /The code threw a value that cannot be shown\.$/]
];

const later: [code: string, message: RegExp][] = [
  ["setTimeout(() => {\n  throw new Error('timer'); // THROW\n}, 5);", /Error: timer$/],
  [
    "const id = setInterval(() => {\n  clearInterval(id);\n  throw new Error('interval'); // THROW\n}, 5);",
    /Error: interval$/
  ],
  ["requestAnimationFrame(() => {\n  throw new Error('frame'); // THROW\n});", /Error: frame$/],
  ["queueMicrotask(() => {\n  throw new Error('microtask'); // THROW\n});", /Error: microtask$/],
  ["setTimeout(async () => {\n  await null;\n  throw new Error('late async'); // THROW\n});", /Error: late async$/],
  [
    "const t = new EventTarget();\nt.addEventListener('x', () => {\n  throw new Error('listener'); // THROW\n});\nt.dispatchEvent(new Event('x'));",
    /Error: listener$/
  ],
  [
    "const t = new EventTarget();\nt.addEventListener('x', {handleEvent() {\n  throw new Error('handler'); // THROW\n}});\nsetTimeout(() => t.dispatchEvent(new Event('x')));",
    /Error: handler$/
  ],
  [
    "const b = document.createElement('button');\nb.onclick = () => {\n  throw new Error('clicked'); // THROW\n};\nb.click();",
    /Error: clicked$/
  ],
  ["void (async () => {\n  await null;\n  throw new Error('unawaited'); // THROW\n})();", /Error: unawaited$/],
  ["void Promise.reject(new Error('nobody waits')); // THROW", /Error: nobody waits$/],
  [
    "new MutationObserver(() => {\n  throw new Error('observer'); // THROW\n}).observe(document.body, {attributes: true});\ndocument.body.toggleAttribute('data-x');",
    /Error: observer$/
  ],
  ["setTimeout(() => { throw 7; }, 5); // NONE", /The code threw 7\.$/],
  ["setTimeout(() => setTimeout(() => {\n  (null as any).x; // THROW\n}));", /TypeError/]
];

/** Programs that throw, each below some lines of its own, so that the line says something. */
export function throwingPrograms(): Program[] {
  const random = seededRandom(3);
  const program = ([code, message]: [string, RegExp], wait?: number): Program => {
    const above = ["interface A {\n  x: number;\n}", "", "// a comment", "const before: number =\n  1;"].slice(
      random.integer(4)
    );
    const source = [...above, code].join("\n");
    const at = source.split("\n").findIndex((line) => line.includes("// THROW"));
    return {kind: "throwing", source, expect: {message, line: at < 0 ? null : at + 1}, wait};
  };
  return [...now.map((one) => program(one)), ...later.map((one) => program(one, 120))];
}
