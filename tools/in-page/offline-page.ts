// Asks the offline reader to keep this page, once it has loaded. Where there can be none (no https, a private window), the
// page is as without.

import type {KeepAnswer, KeepRequest} from "./offline-messages.js";

const script = document.querySelector<HTMLScriptElement>("script[data-offline]")!;
const site = new URL(script.dataset.up!, location.href).href;
const list = new URL(script.dataset.offline!, location.href).href;

// What is in a frame belongs to another page.
if ("serviceWorker" in navigator && self === top) {
  if (document.readyState === "complete") later();
  else addEventListener("load", later);
}

// What the reader sees comes first.
function later(): void {
  const start = () => void offline().catch(() => show("refused"));
  if ("requestIdleCallback" in window) requestIdleCallback(start, {timeout: 5000});
  else setTimeout(start, 1000);
}

async function offline(): Promise<void> {
  await navigator.serviceWorker.register(`${site}offline.js`, {scope: site});
  const {active} = await navigator.serviceWorker.ready;
  const {port1, port2} = new MessageChannel();
  port1.onmessage = ({data}: MessageEvent<KeepAnswer>) => show(data);
  const page = location.href.replace(/[?#].*$/, "");
  active!.postMessage({page, list} satisfies KeepRequest, [port2]);
}

function show(answer: KeepAnswer | "refused"): void {
  script.dataset.kept = String(answer !== "refused" && answer.kept); // for who looks for a fault
  const text = textOf(answer);
  const footer = document.querySelector("footer") ?? document.querySelector("main");
  if (!text || !footer) return;
  const line = document.createElement("p");
  line.id = "offline-status";
  line.setAttribute("role", "status");
  footer.append(line);
  line.textContent = text;
}

function textOf(answer: KeepAnswer | "refused"): string {
  const not = "This page could not be kept for reading offline";
  if (answer === "refused") return `${not}: the browser refuses it, as in a private window or by its settings.`;
  if (answer.kept) return "This page can be read offline.";
  return answer.full ? `${not}: the browser has no room for it. What was kept before stays.` : "";
}
