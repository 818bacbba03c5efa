// The modules of Framework's client that components use, as of the pinned 1.13.4; it ships no types.

declare module "observablehq:client" {
  /** Makes a cell in the page's runtime; a comment `<!--:id:-->` must have been in the page when it loaded. */
  export function define<V>(cell: {id: string; inputs: string[]; body: (input: V) => unknown}): void;
}

declare module "observablehq:runtime" {
  /** Shows a value in an element, as Framework does. */
  export class Inspector {
    constructor(node: HTMLElement);
    fulfilled(value: unknown): void;
    rejected(error: unknown): void;
  }
}

declare module "observablehq:stdlib" {
  /** A file of the site; `name` must be a literal. */
  export function FileAttachment(name: string): {
    json<A>(): Promise<A>;
    text(): Promise<string>;
    arrayBuffer(): Promise<ArrayBuffer>;
    href: string;
  };
  export const Generators: {input<A>(element: Node & {value: A}): AsyncGenerator<A>};
}
