/** A colour of src/style.css by its custom property, e.g. `ddpm` for `--ddpm`. */
export type ColorName =
  | "ddpm"
  | "ddim"
  | "data"
  | "noise"
  | "learned"
  | "plot-grid"
  | "theme-foreground"
  | "theme-foreground-muted"
  | "theme-foreground-fainter"
  | "theme-foreground-faintest"
  | "theme-background"
  | "theme-red";

let probe: HTMLElement | undefined;

/**
 * The colour as the page shows it now, e.g. `rgb(11, 98, 164)`, for a canvas. A custom property that holds
 * `light-dark(…)` reads back as that text; only a real `color` is resolved, hence the probe element.
 */
export function themeColor(name: ColorName): string {
  if (!probe?.isConnected) {
    probe = document.createElement("span");
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

/** Calls back after the page has changed between light and dark, until `signal` aborts. */
export function onThemeChange(callback: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, {attributes: true, attributeFilter: ["data-theme"]});
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback, {signal});
  signal.addEventListener("abort", () => observer.disconnect());
}
