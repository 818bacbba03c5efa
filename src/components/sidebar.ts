// On a narrow screen the open sidebar lies over the text. It closes when the keyboard goes on to the text, which it would
// hide. Framework closes it on Escape, and would leave the keyboard in what is hidden then.

const sidebar = document.querySelector<HTMLElement>("#observablehq-sidebar");
const toggle = document.querySelector<HTMLInputElement>("#observablehq-sidebar-toggle");
const narrow = matchMedia("(max-width: 1007px)");

sidebar?.addEventListener("focusout", ({relatedTarget: next}) => {
  if (!toggle?.checked || !narrow.matches || !next || next === toggle) return;
  if (!sidebar.contains(next as Node)) toggle.click();
});
sidebar?.addEventListener("keydown", ({key}) => {
  if (key === "Escape" && narrow.matches) toggle?.focus();
});

// What the search finds is shown below its field, where the keyboard is not; arrow keys move a mark there that only an eye
// sees. So it is said: how many results there are, and which one Enter opens.
const results = document.querySelector("#observablehq-search-results");
if (sidebar && results) {
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.className = "unseen";
  sidebar.append(said);
  let count = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (): void => {
    const now = results.firstElementChild?.textContent ?? "";
    const items = [...results.querySelectorAll("li")];
    const at = items.findIndex((item) => item.classList.contains("observablehq-link-active"));
    const chosen = at < 0 ? "" : `${at + 1}: ${items[at].textContent}`;
    const first = chosen && `. Enter opens ${chosen}`;
    said.textContent = now === count ? chosen : now + first;
    count = now;
  };
  new MutationObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(say, 400); // not at every letter
  }).observe(results, {childList: true, subtree: true, attributeFilter: ["class"]});
}
