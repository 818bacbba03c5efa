import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Plugin} from "esbuild";
import {bundle, isMain, printBundle} from "./bundle.js";
import type {BundleResult, Entry} from "./bundle.js";

// What components import from packages: the editor and what turns its text into a cell, which come when a cell is
// edited, and the functions of d3 that charts draw with. Bundled beforehand, since Framework would serve some fifteen
// packages one by one, each whole, and sucrase breaks apart.

const root = fileURLToPath(new URL("..", import.meta.url));

/** The folder that the bundles are written to; git ignores it. */
export const editorDirectory = join(root, "src", "components", "vendor");

const editor = `export {StateEffect, StateField, Prec} from "@codemirror/state";
export type {Extension, EditorState} from "@codemirror/state";
export {Decoration, EditorView, drawSelection, highlightSpecialChars, keymap, lineNumbers} from "@codemirror/view";
export type {Command, DecorationSet, KeyBinding} from "@codemirror/view";
export {defaultKeymap, history, historyKeymap, indentWithTab} from "@codemirror/commands";
export {bracketMatching, indentOnInput, syntaxHighlighting, syntaxTree} from "@codemirror/language";
export {acceptCompletion, autocompletion, closeCompletion, completionStatus} from "@codemirror/autocomplete";
export {moveCompletionSelection, selectedCompletion} from "@codemirror/autocomplete";
export type {Completion, CompletionContext, CompletionResult} from "@codemirror/autocomplete";
export {localCompletionSource, typescriptLanguage} from "@codemirror/lang-javascript";
export {classHighlighter} from "@lezer/highlight";`;

const framework = "@observablehq/framework/dist/javascript";

// The rules of a cell are Framework's own, from the files that its build uses: what a cell refers to and declares.
const compiler = `export {Parser, tokTypes} from "acorn";
export {ancestor, simple} from "acorn-walk";
export {transform} from "sucrase";
export {typescriptLanguage} from "@codemirror/lang-javascript";
export {findReferences} from "${framework}/references.js";
export {findDeclarations} from "${framework}/declarations.js";
export {checkAssignments} from "${framework}/assignments.js";
export {defaultGlobals} from "${framework}/globals.js";`;

const compilerTypes = `export {Parser, tokTypes} from "acorn";
export type {AnyNode, Identifier, Program, Expression, ImportDeclaration} from "acorn";
export {ancestor, simple} from "acorn-walk";
export {transform} from "sucrase";
export {typescriptLanguage} from "@codemirror/lang-javascript";
import type {Identifier, Expression, Program} from "acorn";
export function findReferences(body: Program | Expression): Identifier[];
export function findDeclarations(body: Program, input: string): Identifier[];
export function checkAssignments(body: Program | Expression, references: Identifier[], input: string): void;
export const defaultGlobals: ReadonlySet<string>;`;

const diff = `export {diffLines} from "diff";`;

// Half of what the packages weigh that these come from or need.
const d3 = `export {axisBottom, axisLeft} from "d3-axis";
export type {Axis, AxisScale} from "d3-axis";
export {scaleLinear, scaleLog} from "d3-scale";
export {select} from "d3-selection";`;

const entries: Record<string, Entry> = {
  d3: {source: withoutTypes(d3), types: d3},
  diff: {source: diff, types: diff},
  editor: {source: withoutTypes(editor), types: editor},
  compiler: {source: compiler, types: compilerTypes}
};

function withoutTypes(source: string): string {
  return source.replace(/^export type .*\n/gm, "");
}

const packages = [
  ...["autocomplete", "commands", "lang-javascript", "language", "state", "view"].map((name) => `@codemirror/${name}`),
  ...["@lezer/common", "@lezer/highlight", "acorn", "acorn-walk", "diff", "sucrase", "@observablehq/framework"],
  ...["d3", "d3-axis", "d3-scale", "d3-selection"]
];

// sucrase checks its options and can write source maps with the first two; we do neither. Nor do we ask for CommonJS or
// hot reload, which the files do.
const stubPlugin: Plugin = {
  name: "stub",
  setup(build) {
    const filter = /^(@jridgewell\/gen-mapping|ts-interface-checker)$/;
    build.onResolve({filter}, ({path}) => ({path, namespace: "stub"}));
    build.onLoad({filter: /.*/, namespace: "stub"}, () => ({
      contents: `const nothing = () => undefined;
export {nothing as union, nothing as lit, nothing as iface, nothing as array, nothing as opt};
export const createCheckers = () => ({Options: {strictCheck: nothing}});
export {nothing as GenMapping, nothing as maybeAddSegment, nothing as toEncodedMap};`
    }));
    build.onLoad(
      {filter: /sucrase.dist.esm.(transformers.)?(CJSImport\w+|ReactHotLoaderTransformer|JestHoistTransformer)\.js$/},
      () => ({
        contents: "export default class {}"
      })
    );
  }
};

/** Writes `src/components/vendor/{editor,compiler,diff,d3}.js`, the chunks they share, and a `.d.ts` beside each. */
export function bundleEditor({force = false}: {force?: boolean} = {}): Promise<BundleResult> {
  return bundle({
    directory: editorDirectory,
    entries,
    packages,
    recipe: fileURLToPath(import.meta.url),
    banner:
      "/* CodeMirror 6, Lezer, acorn, sucrase (MIT), diff (BSD-3-Clause), Observable Framework, d3 (ISC). Made by tools/bundle-editor.ts. */",
    plugins: [stubPlugin],
    force
  });
}

if (isMain(import.meta.url))
  printBundle("src/components/vendor", await bundleEditor({force: process.argv.includes("--force")}));
