import {readFile, writeFile} from "node:fs/promises";

/** Results that are kept as they come, so that a recording that was stopped goes on where it was. */
export interface Resumable<A> {
  value: A;
  /** The entry of this name, measured and kept unless it is there already. */
  once<B>(entries: Record<string, B>, name: string, measure: () => B | Promise<B>): Promise<void>;
}

/**
 * Opens a recording in src/data: the file as it is if it was made with these settings, else an empty one. Numbers are kept
 * to five significant figures.
 */
export async function resumable<A extends {settings: unknown}>(name: string, empty: A): Promise<Resumable<A>> {
  const file = new URL(`../src/data/${name}.json`, import.meta.url);
  const text = await readFile(file, "utf8").catch(() => "");
  const found = text ? (JSON.parse(text) as A) : empty;
  const value = JSON.stringify(found.settings) === JSON.stringify(empty.settings) ? found : empty;
  const save = () => writeFile(file, `${JSON.stringify(value, rounded)}\n`);
  await save();
  return {
    value,
    async once(entries, entry, measure) {
      if (entry in entries) return;
      entries[entry] = await measure();
      await save();
      console.log(`${name}: ${entry}`);
    }
  };
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(5)) : value;
}
