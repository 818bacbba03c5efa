// What the reader has guessed in the museum of bugs, in this browser's storage: one entry an exhibit.

const prefix = "ddim-notebook/prediction/";
const callbacks = new Set<() => void>();
const memory = new Map<string, string>(); // of this visit, for a browser that keeps nothing

/** The choice that the reader made for an exhibit, by its text; null if none was made. */
export function readPrediction(exhibit: string): string | null {
  try {
    return localStorage.getItem(prefix + exhibit) ?? memory.get(exhibit) ?? null;
  } catch {
    return memory.get(exhibit) ?? null;
  }
}

/** Keeps a choice. Returns a sentence for the reader if the browser does not keep it beyond this visit. */
export function writePrediction(exhibit: string, choice: string): string | undefined {
  memory.set(exhibit, choice);
  let problem: string | undefined;
  try {
    localStorage.setItem(prefix + exhibit, choice);
  } catch {
    problem = "This browser does not keep your guesses: they count until you leave the page.";
  }
  for (const callback of [...callbacks]) callback();
  return problem;
}

/** Forgets all guesses of the museum. */
export function forgetPredictions(): void {
  memory.clear();
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
  for (const callback of [...callbacks]) callback();
}

/** Calls back after each guess, also one in another tab, until `signal` aborts. */
export function onPrediction(callback: () => void, signal: AbortSignal): void {
  callbacks.add(callback);
  signal.addEventListener("abort", () => callbacks.delete(callback), {once: true});
  addEventListener("storage", ({key}) => (key === null || key.startsWith(prefix)) && callback(), {signal});
}
