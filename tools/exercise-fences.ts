import {existsSync, readFileSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {parseInfo} from "@observablehq/framework/dist/info.js";
import type {Token} from "markdown-it";
import {pagePaths, readPage} from "./page-source.js";
import type {Problem} from "./problems.js";

/** A likely mistake, as a page names it: it must get a message that contains `says`. */
export interface WrongFence {
  says: string;
  code: string;
  line: number; // from 1, of the fence in its page
}

/** An exercise of a page: a fence ```ts exercise=name and what belongs to it. */
export interface Exercise {
  name: string;
  chapter: string; // as the page's file is named, "ddim"; its checks are in lib/exercises/ddim.ts
  title: string; // of its heading, without the number
  anchor: string; // the id of its heading
  file: string; // of its page
  line: number; // from 1
  start: string; // the code that a reader begins with
  solution: string;
  wrong: WrongFence[];
  hints: number;
  explained: boolean; // it has an explanation
  lines: {start: number; solution: number}; // where the code begins, from 0, in the body of the page
}

/** The exercises of a page, and what is wrong with them. */
export interface PageExercises {
  exercises: Exercise[];
  problems: Problem[];
}

interface Fence {
  name: string;
  kind: "exercise" | "solution" | "wrong";
  attributes: Record<string, string>;
  tag: string;
  content: string;
  line: number; // from 0, in the body
  heading: Heading | undefined;
}

interface Heading {
  id: string;
  title: string;
  hints: number;
  explained: boolean;
}

const nameForm = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const options = ["exercise", "rows"];

/** Finds the exercises among a page's tokens. */
export function exercisesIn(tokens: Token[], root: string, path: string): PageExercises {
  const {file, offset} = readPage(root, path);
  const problems: Problem[] = [];
  const fences = fencesIn(tokens);
  const say = (line: number, message: string): void => void problems.push({file, line: line + offset + 1, message});
  const exercises = fences
    .filter(({kind}) => kind === "exercise")
    .map((fence): Exercise => {
      const solution = fences.find(({kind, name}) => kind === "solution" && name === fence.name);
      const wrong = fences.filter(({kind, name}) => kind === "wrong" && name === fence.name);
      return {
        name: fence.name,
        chapter: path.slice(1),
        title: fence.heading?.title ?? fence.name,
        anchor: fence.heading?.id ?? "",
        file,
        line: fence.line + offset + 1,
        start: fence.content,
        solution: solution?.content ?? "",
        wrong: wrong.map(({content, line}) => ({says: saysIn(content), code: content, line: line + offset + 1})),
        hints: fence.heading?.hints ?? 0,
        explained: fence.heading?.explained ?? false,
        lines: {start: fence.line + 1, solution: (solution?.line ?? 0) + 1}
      };
    });
  const known = new Set(exercises.map(({name}) => name));
  const others = exercises.length ? namesElsewhere(root, path) : new Map<string, string>();
  const editable = new Set(tokens.flatMap((token) => editableName(token) ?? []));
  for (const fence of fences) for (const message of problemsOf(fence)) say(fence.line, message);
  return {exercises, problems};

  function problemsOf(fence: Fence): string[] {
    if (fence.kind === "exercise") return exerciseProblems(fence);
    const {kind, name, attributes, content} = fence;
    const found: string[] = [];
    if (kind === "wrong" && attributes.run !== "false") found.push("a wrong answer must not run: add run=false");
    if (kind === "wrong" && !known.has(name))
      found.push(`wrong=${name}: this page has no fence \`\`\`ts exercise=${name || "…"}`);
    if (kind === "wrong" && !saysIn(content))
      found.push(`wrong=${name}: its first line names a part of the message that it must get: // says: …`);
    return found;
  }

  function exerciseProblems(fence: Fence): string[] {
    const {name, heading} = fence;
    const of = (kind: Fence["kind"]): Fence[] => fences.filter((other) => other.kind === kind && other.name === name);
    const found = optionProblems(fence);
    if (of("exercise")[0] !== fence) found.push(`exercise=${name}: another exercise of this page has this name`);
    else if (others.has(name)) found.push(`exercise=${name}: an exercise of ${others.get(name)} has this name already`);
    if (editable.has(name)) found.push(`exercise=${name}: an editable cell of this page has this name`);
    const first = fences.find((other) => other.kind === "exercise" && other.heading === heading);
    if (!heading?.id.startsWith("exercise-") || first !== fence)
      found.push(`exercise=${name}: give it a heading of its own, ### 1. Title {#exercise-${name}}`);
    if (of("solution").length !== 1)
      found.push(`exercise=${name}: write one fence \`\`\`ts run=false solution=${name} on this page`);
    if (!of("wrong").length)
      found.push(`exercise=${name}: write a likely mistake in a fence \`\`\`ts run=false wrong=${name}`);
    if (heading && (heading.hints < 2 || heading.hints > 3))
      found.push(`exercise=${name}: give two or three hints, <details class="hint">; there are ${heading.hints}`);
    if (heading && !heading.explained)
      found.push(`exercise=${name}: give an explanation, <details class="explanation">`);
    return [...found, ...checkProblems(root, path.slice(1), name)];
  }
}

function optionProblems({name, tag, attributes}: Fence): string[] {
  const found: string[] = [];
  if (tag !== "ts") found.push(`an exercise is TypeScript: write \`\`\`ts instead of \`\`\`${tag || " "}`);
  if (!nameForm.test(name))
    found.push(`exercise=${name || "…"}: give a name of small letters, digits and hyphens, such as half-variance`);
  for (const option of Object.keys(attributes))
    if (!options.includes(option)) found.push(`${option} is no option of an exercise: there is rows`);
  return found;
}

// By the text, since the site is rendered in one go; test/unit/exercises.test.ts runs the checks themselves.
function checkProblems(root: string, chapter: string, name: string): string[] {
  const folder = join(root, "lib", "exercises");
  const own = (file: string): boolean => file === `${chapter}.ts` || file.startsWith(`${chapter}-`);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => own(file) && file.endsWith(".ts")) : [];
  if (!files.includes(`${chapter}.ts`))
    return [`exercise=${name}: there is no lib/exercises/${chapter}.ts, which holds the checks of this page`];
  const key = new RegExp(`(?<![\\w-])(["']?)${name}\\1(?![\\w-])\\s*[(:,}]`);
  if (files.some((file) => key.test(readFileSync(join(folder, file), "utf8")))) return [];
  return [`exercise=${name}: lib/exercises/${chapter}.ts has no check of this name`];
}

function fencesIn(tokens: Token[]): Fence[] {
  let heading: Heading | undefined;
  const fences: Fence[] = [];
  for (const [i, {type, tag, info, content, map}] of tokens.entries()) {
    if (type === "heading_open" && /^h[1-3]$/.test(tag)) {
      const title = tokens[i + 1].content.replace(/^\d+\.\s*/, "").trim();
      heading = {id: String(tokens[i].attrGet("id") ?? ""), title, hints: 0, explained: false};
    } else if (type === "html_block" && heading) {
      heading.hints += content.match(/<details class="hint"/g)?.length ?? 0;
      heading.explained ||= content.includes('<details class="explanation"');
    } else if (type === "fence") {
      const {tag, attributes} = parseInfo(info);
      const kind = (["exercise", "wrong", "solution"] as const).find((kind) => attributes[kind] !== undefined);
      if (!kind || attributes.editable !== undefined) continue;
      fences.push({name: attributes[kind], kind, attributes, tag, content, line: map![0], heading});
    }
  }
  return fences;
}

function editableName({type, info}: Token): string | undefined {
  return type === "fence" ? parseInfo(info).attributes.editable : undefined;
}

function saysIn(code: string): string {
  return /^\/\/ says: *(.*?) *(\n|$)/.exec(code)?.[1] ?? "";
}

/** The names of the exercises of the pages that come before this one, with the file of each. */
function namesElsewhere(root: string, path: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const other of pagePaths(root)) {
    if (other >= path) continue;
    const {file, body} = readPage(root, other);
    const text = body.replace(/^(`{4,})[^]*?^\1/gm, ""); // without fences that only show how a fence is written
    for (const [, name] of text.matchAll(/^```ts\b.*\bexercise=["']?([\w-]+)/gm)) names.set(name, file);
  }
  return names;
}
