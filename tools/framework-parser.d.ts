/** Framework's own way to read cells, as of the pinned 1.13.4. */

declare module "@observablehq/framework/dist/javascript/parse.js" {
  import type {Program} from "acorn";
  export function parseProgram(input: string): Program;
  /** Parses a cell of the page at `path`; throws a SyntaxError. `expression` is false for statements. */
  export function parseJavaScript(
    input: string,
    options: {path: string}
  ): {expression: boolean; references: {name: string}[]};
}

declare module "@observablehq/framework/dist/javascript/module.js" {
  /** Drops the types of TypeScript, as the build does; throws an error of esbuild's. */
  export function transformJavaScriptSync(source: string, loader: "ts"): string;
}

declare module "@observablehq/framework/dist/javascript/declarations.js" {
  import type {Identifier, Program} from "acorn";
  export function findDeclarations(body: Program, input: string): Identifier[];
}

declare module "@observablehq/framework/dist/javascript/references.js" {
  import type {Identifier, Program} from "acorn";
  export function findReferences(body: Program, options?: {globals?: ReadonlySet<string>}): Identifier[];
}

declare module "@observablehq/framework/dist/javascript/awaits.js" {
  import type {Node, Program} from "acorn";
  export function findAwaits(body: Program): Node[];
}

declare module "@observablehq/framework/dist/javascript/globals.js" {
  /** The names that a cell may use without another cell defining them. */
  export const defaultGlobals: ReadonlySet<string>;
}
