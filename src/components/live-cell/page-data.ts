/** What a download is made of: src/data/page-cells.json, written by tools/page-cells.ts when the site is built. */
export interface PageCells {
  pages: PageData[];
  library: Record<string, LibraryModule>; // by specifier as a page writes it, e.g. "./lib/ddim.js"
  versions: Record<string, string>; // of the packages that cells may import
}

/** A page: its runnable cells from top to bottom. */
export interface PageData {
  path: string; // as Framework names it, e.g. "/ddim" or "/index"
  title: string;
  cells: PageCell[];
}

/** A cell. Its parts are its top-level statements and cover all of its source, comments and blank lines included. */
export interface PageCell {
  name?: string; // of an editable cell
  heading: string; // the nearest above, with its marks: "## The update"; "" when there is none
  source: string; // TypeScript, as on the page
  expression: boolean; // a single expression, whose value is shown
  parts: CellPart[];
}

/** A statement: where it stands in the source, what it defines and what it uses. */
export interface CellPart {
  start: number;
  end: number;
  declarations: string[];
  references: string[]; // free names, those of the browser's page (document) included
  async: boolean; // awaits outside of functions
  import?: ImportStatement;
}

/** An import declaration, without the comments around it. */
export interface ImportStatement {
  start: number; // in the source of the cell
  end: number;
  specifier: string;
  typeOnly: boolean;
  names: {imported: string; local: string}[]; // values only; "default" and "*" as `imported` mean what they say
}

/** A module of the library as the body of a function that returns its exports; `library(name)` gives other modules. */
export interface LibraryModule {
  code: string;
  fixed: number[]; // lines of the code, from 0, that begin inside a template literal, so that they must not be indented
  needs: string[]; // other modules; "@tensorflow/tfjs" is the package
}

/** What is known of an edited source: as Framework's build finds it. `async` is guessed where it is not given. */
export interface Analysis {
  declarations: string[];
  references: string[];
  expression: boolean;
  async?: boolean;
}

/** Reads an edited cell's TypeScript. Throws an Error, whose message is a sentence, when it cannot be read. */
export type Analyse = (source: string) => Analysis;

/** A call that imports a module of a name that is known, such as `import("./lib/training.js")`. */
export const importCall = /\bimport\(\s*(["'])([^"'\n]+)\1\s*\)/g;

/** The specifier with which a page at the top of the site would import the same module. */
export function canonical(specifier: string): string {
  return specifier.replace(/^(?:\.\.?\/|\/)+(?=(?:lib|components)\/)/, "./");
}

const importForm = /^[ \t]*(import\s+(type\s+)?(?:([^"';()]+?)\s*from\s*)?(["'])([^"'\n]+)\4[ \t]*;?)/gm;

/** Finds the import declarations of a source: those that begin a line, which is where they are written. */
export function importStatements(source: string): ImportStatement[] {
  return Array.from(source.matchAll(importForm), (match) => {
    const [whole, statement, type, clause = "", , specifier] = match;
    const end = match.index + whole.length;
    const typeOnly = type !== undefined && clause !== "";
    return {
      start: end - statement.length,
      end,
      specifier: canonical(specifier),
      typeOnly,
      names: typeOnly ? [] : clauseNames(clause)
    };
  });
}

function clauseNames(clause: string): ImportStatement["names"] {
  const [, list] = /\{([^}]*)\}/.exec(clause) ?? [];
  const others = clause.replace(/\{[^}]*\}/, "").split(",");
  const outside = others.map((text) => text.trim()).filter(Boolean);
  const named = (list ?? "").split(",").map((text) => text.trim());
  return [
    ...outside.map((text) => {
      const space = /^\*\s*as\s+(\S+)$/.exec(text);
      return space ? {imported: "*", local: space[1]} : {imported: "default", local: text};
    }),
    ...named
      .filter((text) => text !== "" && !/^type\s+(?!as\b)/.test(text))
      .map((text) => {
        const [imported, local = imported] = text.split(/\s+as\s+/);
        return {imported, local};
      })
  ];
}

/** Where a statement's line ends, if nothing but a comment follows on it, which then belongs to the statement. */
export function lineEnd(text: string, from: number): number {
  return from + (/^[^\S\n]*(\/\/[^\n]*)?(?=\n|$)/.exec(text.slice(from))?.[0].length ?? 0);
}
