import type MarkdownIt from "markdown-it";
import type {Token} from "markdown-it";
import {exercisesIn} from "./exercise-fences.js";
import {readPage} from "./page-source.js";

/** A page's code as one TypeScript module, each line where it is in the page. */
export interface PageCode {
  file: string; // the page's, relative to the repository
  code: string;
  inline: Set<number>; // the lines, from 0, that hold code of ${…}: it is JavaScript, and its columns are not the page's
  editable: Set<number>; // the lines of editable cells: a check or a reader may use what the page does not
}

/** Returns the code of a page: its `ts` and `js` fences, and its `${…}` expressions. `md` is Framework's parser. */
export function pageCode(root: string, path: string, md: MarkdownIt): PageCode {
  const {file, text, body, offset} = readPage(root, path);
  const source = text.replace(/\r\n?/g, "\n").split("\n");
  const lines: string[] = source.map(() => "");
  const inline = new Set<number>();
  const editable = new Set<number>();
  const checks: string[] = []; // functions that editable cells name
  const put = (start: number, code: string): void => {
    for (const [i, line] of code.split("\n").entries()) lines[start + i] = (lines[start + i] ?? "") + line;
  };
  for (const token of md.parse(body, {path, code: []})) {
    if (isCell(token)) putFence(token);
    if (isCell(token) && /\beditable=/.test(token.info)) {
      for (let line = token.map![0]; line < token.map![1]; ++line) editable.add(offset + line);
      const [, check] = /\bcheck=["']?([\w$]+)/.exec(token.info) ?? [];
      if (check) checks.push(`void ${check};`);
    }
    for (const {type, content, meta} of token.children ?? []) {
      if (type !== "placeholder") continue;
      const start = offset + ((meta as {line?: number} | null)?.line ?? 0);
      put(start, `;(${content}\n);`.replace(/\n(?=\);$)/, content.includes("//") ? "\n" : ""));
      for (let i = 0; i < content.split("\n").length; ++i) inline.add(start + i);
    }
  }
  return {file, code: `${lines.join("\n")}\n${checks.join(" ")}export {};\n`, inline, editable};

  // A fence in a list is indented in the page, but not in the token.
  function putFence({map, content}: Token): void {
    const start = offset + map![0] + 1;
    for (const [i, line] of content.replace(/\n$/, "").split("\n").entries()) {
      const indent = (source[start + i] ?? "").length - line.length;
      put(start + i, " ".repeat(Math.max(0, indent)) + line);
    }
  }
}

/** Whether a token is a fence that runs as a cell of its page; that of an exercise does not. */
export function isCell({type, info}: Token): boolean {
  return type === "fence" && /^(ts|js)(\s|$)/.test(info) && !/\brun=["']?false\b|\bexercise=/.test(info);
}

/** Returns the code of a page's exercises, what a reader begins with and the solution, each as a module of its own. */
export function exerciseCode(root: string, path: string, md: MarkdownIt): PageCode[] {
  const {file, body, offset} = readPage(root, path);
  const {exercises} = exercisesIn(md.parse(body, {path, code: []}), root, path);
  return exercises.flatMap(({start, solution, lines}) =>
    [
      {code: start, line: lines.start},
      {code: solution, line: lines.solution}
    ].map(({code, line}) => ({
      file,
      code: `${"\n".repeat(offset + line)}${code}\nexport {};\n`,
      inline: new Set<number>(),
      editable: new Set(code.split("\n").map((_, i) => offset + line + i))
    }))
  );
}
