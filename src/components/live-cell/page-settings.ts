/** The values of a page's controls that the reader has changed: by figure, then by the control's name. */
export type PageSettings = Record<string, Record<string, string | boolean>>;

type Input = HTMLInputElement | HTMLSelectElement;

const selector = "input[type=range], input[type=checkbox], select";

/** Reads the controls of all figures that have an id. */
export function readSettings(root: ParentNode = document): PageSettings {
  const settings: PageSettings = {};
  for (const [figure, name, input] of controls(root)) {
    if (isDefault(input)) continue;
    (settings[figure] ??= {})[name] = isCheckbox(input) ? input.checked : input.value;
  }
  return settings;
}

/** Sets controls as a reader would, and returns the names of those that the page, or a list of it, does not have. */
export function applySettings(settings: PageSettings, root: ParentNode = document): string[] {
  const missing = new Set(
    Object.entries(settings).flatMap(([figure, own]) => Object.keys(own).map((n) => `${figure}: ${n}`))
  );
  for (const [figure, name, input] of controls(root)) {
    const value = Object.hasOwn(settings, figure) ? settings[figure][name] : undefined;
    if (value === undefined) continue;
    if (input instanceof HTMLSelectElement && ![...input.options].some((option) => option.value === value)) continue;
    missing.delete(`${figure}: ${name}`);
    if (isCheckbox(input)) input.checked = value === true;
    else input.value = String(value);
    for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, {bubbles: true}));
  }
  return [...missing];
}

function* controls(root: ParentNode): Generator<[figure: string, name: string, input: Input]> {
  for (const figure of root.querySelectorAll<HTMLElement>("figure[id]")) {
    for (const input of figure.querySelectorAll<Input>(selector)) {
      const name = input.getAttribute("aria-label") ?? input.closest("label")?.textContent?.trim();
      if (name) yield [figure.id, name, input];
    }
  }
}

function isCheckbox(input: Input): input is HTMLInputElement & {type: "checkbox"} {
  return input.type === "checkbox";
}

function isDefault(input: Input): boolean {
  if (input instanceof HTMLSelectElement) {
    const chosen = [...input.options].findIndex(({defaultSelected}) => defaultSelected);
    return input.selectedIndex === Math.max(0, chosen);
  }
  return isCheckbox(input) ? input.checked === input.defaultChecked : input.value === input.defaultValue;
}
