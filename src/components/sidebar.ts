// On a narrow screen the open sidebar lies over the text. It closes when the keyboard goes on to the text, which it would
// hide, and on Escape.

const sidebar = document.querySelector<HTMLElement>("#observablehq-sidebar");
const toggle = document.querySelector<HTMLInputElement>("#observablehq-sidebar-toggle");

function close(): void {
  if (toggle!.checked && matchMedia("(max-width: 1007px)").matches) toggle!.click();
}

sidebar?.addEventListener("focusout", ({relatedTarget: next}) => {
  if (next && next !== toggle && !sidebar.contains(next as Node)) close();
});
sidebar?.addEventListener("keydown", ({key, target}) => {
  if (key !== "Escape" || (target as HTMLInputElement).value) return; // in the field of the search it empties the field
  toggle!.focus();
  close();
});
