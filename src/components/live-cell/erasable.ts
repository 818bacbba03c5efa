import {typescriptLanguage} from "../vendor/compiler.js";

/** What in a text is TypeScript that is more than types. */
export interface NotErasable {
  position: number;
  message: string;
}

const messages: Record<string, string> = {
  EnumDeclaration:
    "an enum is more than a type, and a cell only drops types: write an object, {red: 0, green: 1} as const",
  NamespaceDeclaration:
    "a namespace is more than a type, and a cell only drops types: write an object, or plain functions",
  Decorator: "decorators do not run in a cell: call the function yourself",
  parameter:
    "private, public, protected or readonly before a constructor’s parameter makes a field, and a cell only drops types: write the field, and this.x = x",
  importEquals: "import … = is not of JavaScript, and a cell only drops types: write import … from, or const … ="
};

/**
 * Finds the first piece of TypeScript that dropping the types would not turn into JavaScript: enums, namespaces,
 * parameter properties, decorators, `import =`. What only declares (`declare enum …`) is dropped and thus allowed.
 */
export function findNotErasable(source: string): NotErasable | undefined {
  let found: NotErasable | undefined;
  typescriptLanguage.parser.parse(source).iterate({
    enter({name, from, to, node}) {
      if (found || name === "AmbientDeclaration") return false;
      const inParameters = /^(Privacy|readonly)$/.test(name) && node.parent?.name === "ParamList";
      const importEquals = name === "ImportDeclaration" && /^import\s+[\w$]+\s*=/.test(source.slice(from, to));
      const message = messages[inParameters ? "parameter" : importEquals ? "importEquals" : name];
      if (message) found = {position: from, message};
      return !found;
    }
  });
  return found;
}

/** The first string that is not closed in its line, or undefined. */
export function findUnclosed(source: string): number | undefined {
  return first(source, (name, text) => name === "String" && !/^(["'])(?:(?!\1)[^\\\n]|\\[^])*\1$/.test(text));
}

/** The first thing that the editor's own parser does not understand, or undefined; it knows less than TypeScript's. */
export function findMistake(source: string): number | undefined {
  return first(source, (name) => name === "⚠");
}

function first(source: string, is: (name: string, text: string) => boolean): number | undefined {
  let found: number | undefined;
  typescriptLanguage.parser.parse(source).iterate({
    enter({name, from, to}) {
      if (found === undefined && is(name, source.slice(from, to))) found = from;
      return found === undefined;
    }
  });
  return found;
}
