/** The parts of Framework that the tools call, as of the pinned 1.13.4; the package itself ships no types. */

declare module "@observablehq/framework/dist/config.js" {
  import type {Config, ConfigSpec} from "@observablehq/framework/dist/types.js";
  export function normalizeConfig(spec: ConfigSpec, root?: string, watchPath?: string): Config;
  /** Makes all files as old as this date. */
  export function setCurrentDate(date: Date | null): void;
}

declare module "@observablehq/framework/dist/build.js" {
  import type {Config} from "@observablehq/framework/dist/types.js";
  export interface BuildOutput {
    logger?: {log(...values: unknown[]): void; warn(...values: unknown[]): void; error(...values: unknown[]): void};
    output?: {write(text: string): void};
  }
  export class FileBuildEffects {
    constructor(outputRoot: string, cacheDir: string, options?: BuildOutput);
  }
  export function build(options: {config: Config}, effects?: FileBuildEffects): Promise<void>;
}

declare module "@observablehq/framework/dist/preview.js" {
  import type {Server} from "node:http";
  export interface PreviewOptions {
    config?: string;
    root?: string;
    hostname: string;
    port?: number;
    open?: boolean;
    verbose?: boolean;
  }
  export function preview(options: PreviewOptions): Promise<{server: Server}>;
}

declare module "@observablehq/framework/dist/info.js" {
  /** Reads what stands after the three marks of a fence: `ts editable=name rows=8`. */
  export function parseInfo(info: string): {tag: string; attributes: Record<string, string>};
}

declare module "@observablehq/framework/dist/libraries.js" {
  /** Returns what Framework would import for names that a page uses without declaring them. */
  export function getImplicitInputImports(names: Iterable<string>): Set<string>;
  /** Returns what Framework would import for methods of FileAttachment. */
  export function getImplicitFileImports(methods: Iterable<string>): Set<string>;
}

// Not a file of the package: a name for the types that the modules above share.
declare module "@observablehq/framework/dist/types.js" {
  import type MarkdownIt from "markdown-it";
  export type Page = {name: string; path: string};
  export type Section = {name: string; open?: boolean; collapsible?: boolean; pages: Page[]};
  export interface ConfigSpec {
    root: string;
    output: string;
    title: string;
    pages: (Page | Section)[];
    style: string;
    head: string | ((page: {title: string | null; data: Record<string, unknown>; path: string}) => string);
    header?: string;
    footer: string;
    toc: boolean;
    pager: boolean;
    search: boolean;
    globalStylesheets: string[];
    preserveExtension: boolean;
    preserveIndex: boolean;
    interpreters: Record<string, string[]>;
    dynamicPaths?: string[];
    markdownIt(md: MarkdownIt): MarkdownIt;
  }
  export interface Config {
    root: string;
    output: string;
    md: MarkdownIt;
  }
}
