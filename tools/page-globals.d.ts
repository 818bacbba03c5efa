// What Framework gives to a page's cells. A promise or a generator that one cell defines is a plain value in the others,
// which TypeScript cannot know: so what makes a generator has here the type of what it yields.

declare function display<T>(value: T): T;
declare function view<T>(element: Node & {value: T}): T;
declare function visibility(node?: Node): Promise<void>;
declare const invalidation: Promise<void>;
declare const width: number;
declare const now: number;
declare const dark: boolean;

declare function resize(
  render: (width: number, height: number) => Node | string,
  invalidation?: Promise<void>
): HTMLElement;

declare function Mutable<T>(value: T): T & {value: T};

declare namespace Generators {
  function input<T>(element: Node & {value: T}): T;
  function observe<T>(initialize: (notify: (value: T) => void) => (() => void) | void): T;
  function queue<T>(initialize: (notify: (value: T) => void) => (() => void) | void): T;
  function now(): number;
  function width(element: Element): number;
  function dark(): boolean;
}

declare function FileAttachment(name: string): {
  name: string;
  href: string;
  mimeType: string;
  lastModified?: number;
  size?: number;
  url(): Promise<string>;
  blob(): Promise<Blob>;
  arrayBuffer(): Promise<ArrayBuffer>;
  text(encoding?: string): Promise<string>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a page may say what its file holds, or not
  json<T = any>(): Promise<T>;
  stream(): Promise<ReadableStream<Uint8Array>>;
  image(properties?: Partial<HTMLImageElement>): Promise<HTMLImageElement>;
};
