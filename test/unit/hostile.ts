/** Hostile inputs for tests: sound values that were damaged, and what an attacker would put into a text. */
import assert from "node:assert/strict";
import fc from "fast-check";

/** What would run if it were put into HTML. */
export const markup = "<img src=x onerror=globalThis.harmed=true>";
const words = [
  "__proto__",
  "constructor",
  "toString",
  markup,
  "javascript:alert(1)",
  "\u0000",
  "\u202e",
  "'\"`${x}",
  ""
];
/** Texts that have made trouble elsewhere, and any others. */
export const text = fc.oneof(fc.constantFrom(...words), fc.string({unit: "binary", maxLength: 40}));
const anything = fc.oneof(
  fc.anything({key: text, values: [text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)]}),
  text
);

/** A sound value with some of its parts, at any depth, exchanged, taken away, or added to. */
export function damaged(sound: unknown): fc.Arbitrary<unknown> {
  if (typeof sound !== "object" || sound === null || ArrayBuffer.isView(sound))
    return fc.oneof({weight: 5, arbitrary: fc.constant(sound)}, anything);
  if (Array.isArray(sound))
    return fc.oneof({weight: 9, arbitrary: fc.tuple(...sound.map(damaged))}, {weight: 1, arbitrary: anything});
  const parts = Object.fromEntries(Object.entries(sound).map(([key, part]) => [key, damaged(part)]));
  const some = fc.record(parts, {noNullPrototype: true});
  const more = fc.tuple(some, fc.dictionary(text, anything, {maxKeys: 2})).map(([own, odd]) => ({...odd, ...own}));
  return fc.oneof({weight: 9, arbitrary: some}, {weight: 2, arbitrary: more}, {weight: 1, arbitrary: anything});
}

/** JSON, also of what has none. */
export const textOf = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? "undefined";
  } catch {
    return "{"; // a circle, or a bigint
  }
};
/** A text as JSON of something sound that was damaged, cut off, or not JSON at all. */
export const jsonOf = (sound: unknown): fc.Arbitrary<string> =>
  fc.oneof(
    {weight: 6, arbitrary: damaged(sound).map(textOf)},
    {weight: 2, arbitrary: anything.map(textOf)},
    {weight: 1, arbitrary: text},
    {weight: 1, arbitrary: fc.nat(300).map((n) => textOf(sound).slice(0, n))}
  );

/** Asserts that a reader can read it. */
export const isSentence = (message: string) => assert.match(message, /^[A-Z“].*[.!?]$/s, "what is said is a sentence");

/** Calls a reader that throws sentences, and returns nothing where it did. */
export function sentenceOr<A>(read: () => A): A | undefined {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof Error && error.constructor === Error, `it threw ${String(error)}`);
    isSentence(error.message);
    return undefined;
  }
}

const ownNames = Object.getOwnPropertyNames(Object.prototype).length;
/** Asserts that nothing that all objects share was changed, and that nothing has run. */
export function assertUnharmed(): void {
  assert.equal(Object.getOwnPropertyNames(Object.prototype).length, ownNames, "Object.prototype was changed");
  assert.ok(!("harmed" in globalThis), "something ran");
}

/** As a browser's, with its entries as own properties. */
class FakeStorage {
  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? (this as unknown as Record<string, string>)[key] : null;
  }
  setItem(key: string, value: string): void {
    Object.defineProperty(this, key, {value, writable: true, enumerable: true, configurable: true});
  }
  removeItem(key: string): void {
    delete (this as unknown as Record<string, string>)[key];
  }
}
/** Puts a storage with these entries in the place of the browser's. */
export const withStorage = (entries: Record<string, string>): FakeStorage => {
  const storage = new FakeStorage();
  for (const [key, value] of Object.entries(entries)) storage.setItem(key, value);
  Object.assign(globalThis, {localStorage: storage});
  return storage;
};
