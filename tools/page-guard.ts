// The first script of every page, inline so that nothing runs before it. What it uses is fetched beforehand: a cell can
// change every object of the browser, but not these.

/**
 * Returns the script. It narrows the page's policy to the site's own folder, which the page alone knows: others may share
 * its origin; not in the preview, whose page hears of changes by a WebSocket, for which only 'self' stands. And it
 * holds the page on the site, so that code cannot put anything into an address elsewhere. Links to other hosts are not
 * touched, since Framework lets them open a window. `up` is the site's folder, relative to the page.
 */
export function guardScript(up: string, {preview = false} = {}): string {
  return `
{
  const method = (f) => Function.prototype.call.bind(f);
  const getter = (type, name) => method(Object.getOwnPropertyDescriptor(type.prototype, name).get);
  const startsWith = method(String.prototype.startsWith);
  const base = new URL(${JSON.stringify(up)}, location.href).href;

${preview ? "" : narrowing}
  if (globalThis.navigation) {
    const prevent = method(Event.prototype.preventDefault);
    const destinationOf = getter(NavigateEvent, "destination");
    const downloadOf = getter(NavigateEvent, "downloadRequest");
    const urlOf = getter(NavigationDestination, "url");
    navigation.addEventListener("navigate", (event) => {
      const url = urlOf(destinationOf(event));
      if (startsWith(url, base) || (startsWith(url, "blob:") && downloadOf(event) !== null)) return;
      prevent(event);
      console.warn("not opened, since it is not of this site: " + url);
    });
  }
}
`;
}

const narrowing = `
  const policy = document.querySelector("meta[http-equiv]");
  if (/^https?:\\/\\/[\\w.-]+(:\\d+)?\\//.test(base)) {
    const narrow = policy.cloneNode();
    narrow.content = policy.content.replaceAll("'self'", base.replace(/[;,]/g, encodeURIComponent));
    policy.after(narrow);
  }
`;
