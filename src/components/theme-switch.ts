// The button itself stands in the page (tools/page-frame.ts), and the head applies the stored choice before the first
// paint (tools/theme-script.ts); this module gives the button its work.

/** What the reader chose; `auto` follows the system. */
export type ThemeChoice = "auto" | "light" | "dark";

const choices: readonly ThemeChoice[] = ["auto", "light", "dark"];
const storageKey = "theme";

/** Returns the stored choice; `auto` if there is none, or no storage. */
export function readChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(storageKey);
    return stored === "light" || stored === "dark" ? stored : "auto";
  } catch {
    return "auto"; // storage may be forbidden, e.g. in a frame of another site
  }
}

/** Returns the choice that a press of the button leads to. */
export function nextChoice(choice: ThemeChoice): ThemeChoice {
  return choices[(choices.indexOf(choice) + 1) % choices.length];
}

/** Shows the page in the chosen theme. */
export function applyChoice(choice: ThemeChoice, root: HTMLElement = document.documentElement): void {
  if (choice === "auto") delete root.dataset.theme;
  else root.dataset.theme = choice;
}

function storeChoice(choice: ThemeChoice): void {
  try {
    if (choice === "auto") localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, choice);
  } catch {
    // It then holds for this page only.
  }
}

/** Makes the button switch from auto to light to dark; what it says is the choice in force. */
export function themeSwitch(button: HTMLElement): void {
  let choice: ThemeChoice;
  const show = (next: ThemeChoice): void => {
    applyChoice((choice = next));
    button.textContent = `Theme: ${choice}`;
    button.title = `Switch to ${nextChoice(choice)}`;
  };
  show(readChoice());
  button.addEventListener("click", () => {
    show(nextChoice(choice));
    storeChoice(choice);
  });
  addEventListener("storage", ({key}) => {
    if (key === storageKey || key === null) show(readChoice()); // switched in another tab
  });
}

if (typeof document !== "undefined") {
  const button = document.querySelector<HTMLElement>("#theme-switch");
  if (button) themeSwitch(button);
}
