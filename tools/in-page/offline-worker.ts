// The offline reader: keeps the pages that were visited, each with all files that it can ask for, and answers with them
// when there is no connection. tools/offline.ts writes it into the site as offline.js, where course.config.ts asks for it.
//
// A page never mixes two versions. Its HTML comes from the network while there is one, and is kept only when each file
// of that same build is; all other files have a hash of their content, or a version, in their names.

import type {FileList, KeepAnswer, KeepRequest} from "./offline-messages.js";

interface Extendable extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface FetchEvent extends Extendable {
  request: Request;
  respondWith(response: Promise<Response>): void;
}
interface KeepEvent extends Extendable {
  data: KeepRequest;
  ports: readonly MessagePort[];
}
interface Worker {
  registration: {scope: string; unregister(): Promise<boolean>};
  clients: {claim(): Promise<void>; matchAll(options: object): Promise<readonly unknown[]>};
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Extendable) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
  addEventListener(type: "message", listener: (event: KeepEvent) => void): void;
}

const worker = self as unknown as Worker;
const {scope} = worker.registration;
const prefix = `ddim-notebook offline ${scope} `; // others of the same origin have caches too
const names = {pages: `${prefix}pages 1`, files: `${prefix}files 1`};
const patience = 5000; // ms, for a network that is there and does not answer
const together = 6; // files
let keeping: Promise<void> = Promise.resolve();

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => {
  const older = (name: string) => name !== names.pages && name !== names.files;
  event.waitUntil(Promise.all([worker.clients.claim(), remove(older)]));
});
worker.addEventListener("fetch", (event) => {
  const {method, mode, url, cache} = event.request;
  if (method !== "GET" || !url.startsWith(scope)) return;
  if (mode === "navigate") event.respondWith(openPage(event));
  else if (cache === "default" || cache === "force-cache") event.respondWith(openFile(event.request));
});
worker.addEventListener("message", (event) => {
  const answer = (answer: KeepAnswer) => event.ports[0].postMessage(answer);
  const refuse = (error: unknown) => answer({kept: false, full: (error as Error).name === "QuotaExceededError"});
  // One after the other: each removes what no kept page needs, and so would take from one that is half kept.
  keeping = keeping.then(() => keep(event.data)).then(() => answer({kept: true}), refuse);
  event.waitUntil(keeping);
});

async function openFile(request: Request): Promise<Response> {
  return (await match(names.files, request.url)) ?? fetch(request);
}

async function openPage(event: FetchEvent): Promise<Response> {
  const path = pathOf(event.request.url);
  const kept = await match(names.pages, scope + path);
  const asked = fetch(event.request).then((answer) => {
    event.waitUntil(leaveIfOver(answer.clone()));
    return answer;
  });
  const late = kept && new Promise<Response>((done) => setTimeout(done, patience, kept));
  const answer = await Promise.race([asked, ...(late ? [late] : [])]).catch(() => undefined);
  if (answer && answer.status < 500) return answer;
  if (kept) return kept;
  const lists = await Promise.all((await keptPages()).map(({list}) => readList(list)));
  const known = lists.some((list) => list && path in list.pages);
  return known ? notKept() : (answer ?? Response.error());
}

/** Removes all of this, and the worker, when the site has no offline reader any more. */
async function leaveIfOver(answer: Response): Promise<void> {
  if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("text/html")) return;
  const html = await answer.text();
  // Not the page of somebody else, such as of a network that wants a password first.
  if (html.includes("data-offline") || !html.includes('content="Observable Framework')) return;
  const own = await fetch(`${scope}offline.js`, {cache: "no-store"});
  if (own.ok ? /javascript/.test(own.headers.get("Content-Type") ?? "") : own.status !== 404 && own.status !== 410)
    return;
  await remove(() => true);
  await worker.registration.unregister();
}

async function remove(chosen: (name: string) => boolean): Promise<void> {
  const own = (await caches.keys()).filter((name) => name.startsWith(prefix) && chosen(name));
  await Promise.all(own.map((name) => caches.delete(name)));
}

/** Keeps a page, when all that it can ask for is there; throws when something is not, and then leaves nothing behind. */
async function keep(request: KeepRequest): Promise<void> {
  try {
    await keepWhole(request);
  } catch (error) {
    await clean().catch(() => {}); // what came of it takes room
    throw error;
  }
}

async function keepWhole({page, list}: KeepRequest): Promise<void> {
  const path = pathOf(page);
  const pages = await caches.open(names.pages);
  if ((await pages.match(scope + path))?.headers.get("X-List") === list) return;
  const files = await caches.open(names.files);
  const answer = await fetch(list);
  if (!answer.ok) throw new Error(`${list}: ${answer.status}`);
  await files.put(list, answer.clone());
  const {files: all, pages: wanted} = (await answer.json()) as FileList;
  const waiting = (wanted[path] ?? []).map((i) => all[i]);
  const next = async (): Promise<void> => {
    for (let file; (file = waiting.shift());) await keepFile(files, scope + file[0], file[1]);
  };
  await Promise.all(Array.from({length: together}, next));
  const name = list.slice(list.lastIndexOf("/") + 1);
  let html = await fetch(page);
  let text = await html.text();
  if (!text.includes(name)) text = await (html = await fetch(page, {cache: "reload"})).text();
  if (!html.ok || !text.includes(name)) throw new Error("the site has changed meanwhile");
  const [, title = path] = /<title>([^<]*)/.exec(text) ?? [];
  await pages.put(scope + path, withHeaders(text, html, {"X-List": list, "X-Title": encodeURIComponent(title)}));
  await clean(wanted);
}

async function keepFile(files: Cache, url: string, hash: string): Promise<void> {
  if ((await files.match(url, {ignoreVary: true}))?.headers.get("X-Hash") === hash) return;
  for (const cache of ["default", "reload"] as const) {
    const answer = await fetch(url, {cache});
    const bytes = await answer.arrayBuffer();
    if (!answer.ok || (await hashOf(bytes)) !== hash) continue;
    return files.put(url, withHeaders(bytes, answer, {"X-Hash": hash}));
  }
  throw new Error(`${url} is not as it was built`);
}

// What a host says of a page's safety is kept with it. Not what is true of the transfer alone.
function withHeaders(body: BodyInit, {headers}: Response, more: Record<string, string>): Response {
  const all = new Headers(headers);
  for (const name of ["Content-Encoding", "Content-Length", "Vary"]) all.delete(name);
  for (const [name, value] of Object.entries(more)) all.set(name, value);
  return new Response(body, {headers: all});
}

/** Removes pages that the newest build does not have, if that is known, and files that no page needs which is kept. */
async function clean(newest?: FileList["pages"]): Promise<void> {
  // Another tab may show an older build, and load a part of it later.
  if ((await worker.clients.matchAll({type: "window", includeUncontrolled: true})).length > 1) return;
  const pages = await caches.open(names.pages);
  const files = await caches.open(names.files);
  const needed = new Set<string>();
  for (const {path, list: name} of await keptPages()) {
    if (newest && !(path in newest)) {
      await pages.delete(scope + path);
      continue;
    }
    const list = await readList(name);
    needed.add(name);
    for (const i of list?.pages[path] ?? []) needed.add(scope + list!.files[i][0]);
  }
  for (const {url} of await files.keys()) if (!needed.has(url)) await files.delete(url);
}

interface Kept {
  path: string;
  list: string;
  title: string;
}

async function keptPages(): Promise<Kept[]> {
  if (!(await caches.has(names.pages))) return [];
  const pages = await caches.open(names.pages);
  const found = (await pages.keys()).map(async ({url}) => {
    const {headers} = (await pages.match(url))!;
    const title = decodeURIComponent(headers.get("X-Title") ?? "");
    return {path: url.slice(scope.length), list: headers.get("X-List") ?? "", title};
  });
  return Promise.all(found);
}

async function readList(url: string): Promise<FileList | undefined> {
  return (await match(names.files, url))?.json() as Promise<FileList> | undefined;
}

function match(cacheName: string, url: string): Promise<Response | undefined> {
  return caches.match(url, {cacheName, ignoreVary: true}).catch(() => undefined);
}

// The same page has several addresses, and each host its own way with them.
function pathOf(url: string): string {
  const path = url.slice(scope.length).replace(/[?#].*$/, "");
  return path.replace(/\.html$/, "").replace(/^index$/, "");
}

async function hashOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function notKept(): Promise<Response> {
  const items = (await keptPages()).map(({path, title}) => `<li><a href="${scope}${path}">${title}</a></li>`);
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Not kept for reading offline</title>
<style>body {font: 1.1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem}</style></head>
<body><main><h1>Not kept for reading offline</h1>
<p>There is no connection, and this page was not kept on your device: only pages are that you have visited. <a href="">Try again</a></p>
<p>These can be read now:</p><ul>${items.join("")}</ul></main></body></html>`;
  return new Response(html, {status: 503, headers: {"Content-Type": "text/html; charset=utf-8"}});
}
