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
