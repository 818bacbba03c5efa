// The first script of every page, inline so that nothing runs before it. What it uses is fetched beforehand: a cell can
// change every object of the browser, but not these.

/**
 * Returns the script. It narrows the page's policy to the site's own folder, which the page alone knows: others may share
 * its origin. And it holds the page where it is: code may lead to pages of the site and to links that came with the page,
 * letter for letter, and thus cannot put anything into an address. `up` is the site's folder, relative to the page.
 */
export function guardScript(up: string): string {
  return `
{
  const method = Function.prototype.call.bind(Function.prototype.bind, Function.prototype.call);
  const getter = (type, name) => method(Object.getOwnPropertyDescriptor(type.prototype, name).get);
  const startsWith = method(String.prototype.startsWith);
  const base = new URL(${JSON.stringify(up)}, location.href).href;

  const policy = document.querySelector("meta[http-equiv=Content-Security-Policy]");
  if (/^https?:\\/\\/[\\w.-]+(:\\d+)?\\//.test(base)) {
    const narrow = policy.cloneNode();
    narrow.content = policy.content.replaceAll("'self'", base.replace(/[;,]/g, encodeURIComponent));
    policy.after(narrow);
  }

  const shipped = Object.create(null);
  document.addEventListener("readystatechange", () => {
    for (const {href} of document.links) shipped[href] = true;
  }, {once: true});

  if (globalThis.navigation) {
    const prevent = method(Event.prototype.preventDefault);
    const destinationOf = getter(NavigateEvent, "destination");
    const downloadOf = getter(NavigateEvent, "downloadRequest");
    const urlOf = getter(NavigationDestination, "url");
    const warn = console.warn;
    navigation.addEventListener("navigate", (event) => {
      const url = urlOf(destinationOf(event));
      if (startsWith(url, base) || shipped[url] || (startsWith(url, "blob:") && downloadOf(event) !== null)) return;
      prevent(event);
      warn("This page was to go to " + url + ". It is held: that is no page of this site, and no link that came with it.");
    });
  }
}
`;
}
