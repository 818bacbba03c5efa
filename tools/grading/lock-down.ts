// An answer shares the built-in objects with the check that looks at it. So that it cannot change what Math.abs or
// Array.prototype.map do, all of them are frozen before it runs, as is the global object.

/** Freezes everything that is reachable from `roots` or by syntax. */
export function lockDown(roots: readonly unknown[] = [globalThis]): void {
  softenOverrides();
  const seen = new Set<object>();
  const queue: unknown[] = [...roots, ...hidden()];
  for (let value = queue.pop(); queue.length || value !== undefined; value = queue.pop()) {
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) continue;
    seen.add(value);
    queue.push(Object.getPrototypeOf(value));
    for (const descriptor of Object.values(Object.getOwnPropertyDescriptors(value)) as PropertyDescriptor[])
      queue.push(descriptor.value, descriptor.get, descriptor.set);
    for (const symbol of Object.getOwnPropertySymbols(value)) {
      const {value: inner, get, set} = Object.getOwnPropertyDescriptor(value, symbol)!;
      queue.push(inner, get, set);
    }
  }
  for (const value of seen) Object.freeze(value);
}

// Built-in objects that have no name.
function hidden(): unknown[] {
  const iterators = [
    [][Symbol.iterator](),
    new Map().entries(),
    new Set().values(),
    ""[Symbol.iterator](),
    "".matchAll(/x/g),
    new Int8Array().values()
  ];
  const [generator, asyncGenerator] = [function* () {}, async function* () {}];
  const functions = [generator, asyncGenerator, async function () {}, () => {}, async () => {}];
  return [...iterators, ...functions, generator(), asyncGenerator(), Object.getPrototypeOf(Int8Array)];
}

// Where a prototype's property is frozen, an object that inherits it cannot be given one of its own by an assignment:
// error.name = "…" would throw. These become accessors that let an assignment through to the object.
function softenOverrides(): void {
  const prototypes = [Object, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(
    ({prototype}) => prototype as object
  );
  for (const prototype of prototypes) {
    for (const key of Reflect.ownKeys(prototype)) {
      const {value, writable, configurable, enumerable} = Object.getOwnPropertyDescriptor(prototype, key)!;
      if (!writable || !configurable) continue;
      Object.defineProperty(prototype, key, {
        enumerable,
        configurable: false,
        get: () => value as unknown,
        set(this: object, own: unknown) {
          if (this === prototype) throw new TypeError(`${String(key)} cannot be changed where answers are graded`);
          Object.defineProperty(this, key, {value: own, writable: true, enumerable: true, configurable: true});
        }
      });
    }
  }
}
