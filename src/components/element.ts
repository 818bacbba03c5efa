type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

/**
 * Makes an HTML element. Attributes whose name starts with `on` are event listeners; `true` sets an empty attribute;
 * `false`, null and undefined leave it out. Children that are false, null or undefined are skipped; strings become
 * text, never markup.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, String(value));
  }
  for (const child of children) if (child !== false && child != null) node.append(child as Node | string);
  return node;
}

/** Sets the text of an element if it is another one, so that a frame that changes nothing costs no layout. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

let counter = 0;

/** An id that is unique in the page, for `aria-labelledby` and `for`. */
export function uniqueId(prefix: string): string {
  return `${prefix}-${++counter}`;
}
