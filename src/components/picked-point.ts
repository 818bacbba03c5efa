/** The point that the reader has picked, by its index in the common x_T; the same in all figures of a page. */
export interface PickedPoint {
  readonly index: number | null; // null: none
  set(index: number | null): void;
  /** Calls back after each change, until `signal` aborts. */
  onChange(callback: (index: number | null) => void, signal: AbortSignal): void;
}

const callbacks = new Set<(index: number | null) => void>();
let picked: number | null = null;

/** The page's picked point. Figures that start from the same seeded noise show the same point under the same index. */
export function pickedPoint(): PickedPoint {
  return {
    get index() {
      return picked;
    },
    set(index) {
      if (index === picked) return;
      picked = index;
      for (const callback of [...callbacks]) callback(index);
    },
    onChange(callback, signal) {
      if (signal.aborted) return;
      callbacks.add(callback);
      signal.addEventListener("abort", () => callbacks.delete(callback), {once: true});
    }
  };
}
