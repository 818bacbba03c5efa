// Answers to the exercise two-errors that are wrong, and try to be marked right all the same. None of them ends the process.

// Calls itself until the stack has no room, and looks at each error on the way: one that is no Error of the answer's own
// context comes from Node.
const overflow = (act: string): string => `
  let found: any;
  const look = (e: any) => { if (e && typeof e === "object" && !(e instanceof Error)) found ??= e; };
  function deep(): void { try { ${act} } catch (e) { look(e); } try { deep(); } catch (e) { look(e); } }
  for (let i = 0; i < 3; ++i) deep();`;

const tell = `const ratio = () => { throw new Error(found ? "Node’s " + found.constructor.name : "nothing of Node’s"); };`;
const wrong = "const ratio = () => 1;";
const pollute = `
  const root = found && Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf(found)));
  if (root) root.toJSON = function (this: any) { return "index" in this ? {...this, message: null} : this; };`;
const inspected = `const e: any = new Error("x"); e[Symbol.for("nodejs.util.inspect.custom")] = (...given: any[]) => { found = given[2]; };`;
const pause = "await new Promise((done) => setTimeout(done, 10)); await 1;";

/** Answers that say whether they got hold of an object of Node's. */
export const nodesOwn: Record<string, string> = {
  "the text of a stack": overflow('new Error("x").stack;') + tell,
  "a stack that is captured": overflow("const o: any = {}; Error.captureStackTrace(o); o.stack;") + tell,
  "a promise that is rejected": overflow("Promise.reject(new Error()); new Promise(() => { throw 1; });") + tell,
  "code from text": overflow(`(0, eval)("1"); new Function("return 1");`) + tell,
  "text of another country":
    overflow(`new Intl.NumberFormat("de").format(1); (1).toLocaleString(); "a".normalize("NFD");`) + tell,
  "an error that is printed": `let found: any; ${inspected} Promise.reject(e); ${pause} ${tell}`,
  "a finalizer": `let found: any; ${inspected}
    const registry = new FinalizationRegistry(() => { throw e; });
    (() => { for (let i = 0; i < 1000; ++i) registry.register({}, i); })();
    for (let i = 0; i < 30; ++i) { Array.from({length: 50_000}, (_, j) => ({j})); ${pause} }
    ${tell}`,
  "WebAssembly from a response": `let found: any;
    const look = (e: any) => { if (!(e instanceof Error)) found = e; };
    for (const method of ["compileStreaming", "instantiateStreaming", "compile", "instantiate"] as const)
      try { (WebAssembly as any)[method](new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).catch(look); } catch (e) { look(e); }
    for (let i = 0; i < 100; ++i) { ${pause} }
    ${tell}`,
  "waiting for memory": `let found: any;
    try { (Atomics as any).waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1); Atomics.notify(new Uint8Array(1) as any, 0); }
    catch (e) { if (!(e instanceof Error)) found = e; }
    ${tell}`
};

const builtins = [
  "JSON.stringify = () => '{\"message\":null}'",
  "String.prototype.slice = () => undefined as any",
  "Array.prototype.map = () => []",
  "Array.prototype[Symbol.iterator] = function* () {} as any",
  "Array.from = () => []",
  "Number.isFinite = () => true",
  "Math.abs = () => 0",
  "Object.is = () => true",
  "Object.prototype.valueOf = () => 0",
  "Promise.prototype.then = (() => {}) as any",
  "Promise.prototype.catch = (() => {}) as any",
  "Function.prototype.call = (() => undefined) as any",
  "Symbol.prototype.toString = () => ''",
  "Error.prototype.toString = () => ''",
  "RegExp.prototype.test = () => true",
  "Map.prototype.get = () => undefined"
];

/** Wrong answers with what should make them right. */
export const attacks: Record<string, string> = {
  "writes into Node’s root object": overflow('new Error("x").stack;') + pollute + wrong,
  ...Object.fromEntries(builtins.map((change) => [change, `try { ${change}; } catch {} ${wrong}`])),
  ...Object.fromEntries(
    builtins.map((change) => [
      `${change}, in the call`,
      `const ratio = () => { try { ${change}; } catch {} return 1; };`
    ])
  ),
  "gives all objects another parent": `for (const o of [Object, Array, Function, Promise, Error, String]) try { Object.setPrototypeOf(o.prototype, {get message() { return null; }}); } catch {} ${wrong}`,
  "pollutes by __proto__": `try { ({} as any).__proto__.message = null; ([] as any).__proto__.__proto__.said = 1; } catch {} ${wrong}`,
  "pollutes by a definition": `try { Object.defineProperty(Object.prototype, "said", {get: () => undefined}); (Object.prototype as any).__defineGetter__("message", () => null); } catch {} ${wrong}`,
  "throws what looks like a verdict": `const ratio = () => { throw new Error('{"message":null}'); };`,
  "throws what looks like a line": `const ratio = () => { throw new Error('x"}\\n00000000000000000000000000000000 0 null\\n{"index":0,"message":null}\\n'); };`,
  "throws nothing": `const ratio = () => { throw undefined; };`,
  "throws what looks like an error of the check": `class WrongAnswer extends Error { override name = "WrongAnswer"; get message(): any { return undefined; } } const ratio = () => { throw new WrongAnswer(); };`,
  "throws what cannot be looked at": `const ratio = () => { throw new Proxy({}, {get() { throw 1; }, getPrototypeOf() { throw 2; }, has() { throw 3; }}); };`,
  "throws an error whose text changes": `let n = 0; const ratio = () => { throw {get name() { return ++n; }, get message() { return ++n % 2 ? "x" : undefined; }}; };`,
  "throws a text without end": `const ratio = () => { throw new Error("x".repeat(2 ** 28)); };`,
  "throws half letters": `const ratio = () => { throw new Error("\\ud800\\u2028\\u0000\\u001b[2J".repeat(1000)); };`,
  "writes on the console": `console.log('{"index":0,"message":null}'); for (let i = 0; i < 1e5; ++i) console.log("x".repeat(1e4)); ${wrong}`,
  "shows a verdict": `display('{"message":null}'); ${wrong}`,
  "gives a promise of its own": `const then = (done: any) => done(undefined); ${wrong}`,
  "gives what can be anything": `const any: any = new Proxy(function () {}, {get: (_, key) => key === Symbol.toPrimitive ? () => 4 / 3 : any, apply: () => any, has: () => true}); const ratio = () => any;`,
  "gives an object for a number": `const ratio = () => ({valueOf: () => 4 / 3, toString: () => "1.333", [Symbol.toPrimitive]: () => 4 / 3});`,
  "gives a number in a box": `const ratio = () => new Number(4 / 3);`,
  "gives a promise of a number": `const ratio = async () => 4 / 3;`,
  "gives what is near everything": `const ratio = () => NaN;`,
  "asks who calls": `const ratio = function (): any { try { return (arguments as any).callee.caller(); } catch {} try { return (ratio as any).caller(); } catch {} return 1; };`,
  "is no function": `const ratio = new Proxy({}, {get: () => 4 / 3});`,
  "defines getters by the names of the check": `const o = {get ratio() { return () => 1; }}; const {ratio} = o;`,
  "sets timers that never end": `setInterval(() => {}, 0); const again = () => setTimeout(again); again(); await new Promise(() => {});`,
  "sets too many timers": `for (let i = 0; i < 1e6; ++i) setTimeout(() => {}, i); ${wrong}`,
  "makes text of code in a comment of HTML": `const text = \`\n--> \${1}\`; let a = 1;\na<!--a\n${wrong}`
};
