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
  | "theme-background"
  | "theme-red";

let probe: HTMLElement | undefined;
const known = new Map<ColorName, string>(); // in the theme that is shown: to ask in each frame costs a style pass each time

/**
 * The colour as the page shows it now, e.g. `rgb(11, 98, 164)`, for a canvas. A custom property that holds
 * `light-dark(…)` reads back as that text; only a real `color` is resolved, hence the probe element. Who paints with it
 * paints again at `onThemeChange`.
 */
export function themeColor(name: ColorName): string {
  const color = known.get(name);
  if (color !== undefined) return color;
  if (!probe?.isConnected) {
    probe = document.createElement("span");
    probe.hidden = true;
    probe.style.forcedColorAdjust = "none"; // a plot keeps its colours apart, also for readers who force theirs
    document.body.append(probe);
  }
  probe.style.color = `var(--${name})`;
  const asked = getComputedStyle(probe).color;
  known.set(name, asked);
  return asked;
}

/** Calls back after the page has changed between light and dark, until `signal` aborts. */
export function onThemeChange(callback: () => void, signal: AbortSignal): void {
  const changed = () => {
    known.clear();
    callback();
  };
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, {attributes: true, attributeFilter: ["data-theme"]});
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"])
    matchMedia(query).addEventListener("change", changed, {signal});
  signal.addEventListener("abort", () => observer.disconnect());
}
