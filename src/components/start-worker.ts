const starters = new Map<string, string>();

/**
 * Starts a worker of the site from the address of its module, as `import.meta.resolve` gives it. The worker begins in a
 * blob, so that it has the page's content policy: one that is started from its address has that of the host's headers,
 * which on a plain host is none.
 */
export function startWorker(module: string): Worker {
  if (!starters.has(module)) {
    const blob = new Blob([starter(module)], {type: "text/javascript"});
    starters.set(module, URL.createObjectURL(blob)); // not revoked: there are a handful
  }
  return new Worker(starters.get(module)!, {type: "module"});
}

// What is sent before the module has come is kept for it.
const starter = (module: string) => `
const early = [];
const keep = (event) => {
  event.stopImmediatePropagation();
  early.push(event);
};
addEventListener("message", keep);
import(${JSON.stringify(module)}).then(() => {
  removeEventListener("message", keep);
  for (const {data, ports} of early) dispatchEvent(new MessageEvent("message", {data, ports}));
}, reportError);
`;

/**
 * Ends a worker that was started from its address, and so without the policy: code may do that with every module of the
 * site, and would have it fetch what it likes. Each worker's module begins with this.
 */
export function assertPolicy(): void {
  if (location.protocol === "blob:") return;
  close();
  throw new Error("This worker has no content policy: start it with startWorker.");
}
