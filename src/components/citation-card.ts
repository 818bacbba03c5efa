import {element} from "./element.js";

// What every page runs: a citation that is hovered over or reached with the keyboard shows the whole reference. The link
// works without it.

const card = element("div", {class: "citation-card", role: "tooltip", id: "citation-card", hidden: true});
let shown: HTMLElement | null = null;
let timer = 0;

function show(link: HTMLElement): void {
  clearTimeout(timer);
  if (shown === link) return;
  hide();
  shown = link;
  card.textContent = link.dataset.reference!;
  card.hidden = false;
  if (!card.isConnected) document.body.append(card);
  link.setAttribute("aria-describedby", card.id);
  place(link);
}

function place(link: HTMLElement): void {
  const {left} = link.getClientRects()[0];
  const {top, bottom} = link.getBoundingClientRect(); // of all its lines: the card hides none
  const {offsetWidth, offsetHeight} = card;
  const margin = 8;
  const x = Math.max(margin, Math.min(left, document.documentElement.clientWidth - offsetWidth - margin));
  const below = bottom + offsetHeight + margin < innerHeight;
  card.style.left = `${x}px`;
  card.style.top = `${below ? bottom + 4 : Math.max(margin, top - offsetHeight - 4)}px`;
}

function hide(): void {
  clearTimeout(timer);
  card.hidden = true;
  shown?.removeAttribute("aria-describedby");
  shown = null;
}

const citationOf = (event: Event) => (event.target as Element | null)?.closest?.<HTMLElement>("a.citation") ?? null;

addEventListener("mouseover", (event) => {
  const link = citationOf(event);
  if (link) show(link);
  else if (shown && card.contains(event.target as Node)) clearTimeout(timer);
  else if (shown) timer = window.setTimeout(hide, 250); // time to reach the card, whose text can be copied
});
addEventListener("focusin", (event) => {
  const link = citationOf(event);
  if (link) show(link);
  else hide();
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
function scrolled(): void {
  if (!shown) return;
  if (shown === document.activeElement)
    place(shown); // the Tab key scrolls to where it leads
  else hide();
}
addEventListener("scroll", scrolled, {passive: true});
