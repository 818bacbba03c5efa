import {parseInfo} from "@observablehq/framework/dist/info.js";
import {transformJavaScriptSync} from "@observablehq/framework/dist/javascript/module.js";
import {parseJavaScript} from "@observablehq/framework/dist/javascript/parse.js";
import type MarkdownIt from "markdown-it";
import type {Renderer, Token} from "markdown-it";
import type {MarkdownOptions, PageContext} from "./cells.js";
import {exercisesIn} from "./exercise-fences.js";
import {escapeHtml} from "./html.js";
import {pageFile, readPage} from "./page-source.js";

// A fence ```ts editable=name is a cell as any other for Framework, which compiles and runs it. Around what Framework
// writes for it, its output and its source, goes an element that src/components/live-cell.ts brings to life. A fence
// ```ts exercise=name is such an element too, but none of Framework's cells: its names are its own, and it runs when the
// reader asks for it.

const options = ["editable", "rows", "collapsed", "solution", "check"];
const nameForm = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const mostRows = 60;

/** The root of a cell that only asks Framework's runtime for its module; src/components/live-cell/page-runtime.ts. */
const probe = "<!--:11fe0000:-->";

/** What is known of a page while it is rendered. */
interface PageCells {
  names: Set<string>; // of the editable cells so far
  solutions: Map<string, string>; // HTML of the fences that are solutions, by name
  usedSolutions: Set<string>;
  checks: {name: string; line: number}[];
  scripted: boolean; // its script has been asked for
}

/** Makes cells of the fences with `editable=name`, and reports wrong options with their line. */
export function editableCells(md: MarkdownIt, {root, report}: MarkdownOptions): void {
  const {renderer} = md;
  const pages = new WeakMap<PageContext, PageCells>();
  const fence = renderer.rules.fence!;
  const say = (path: string, line: number, message: string): void =>
    report({file: pageFile(root, path), line: line + readPage(root, path).offset + 1, message});

  renderer.rules.fence = (tokens, index, settings, context: PageContext, self) => {
    const token = tokens[index];
    const {tag, attributes} = parseInfo(token.info);
    const line = token.map?.[0] ?? 0;
    const complain = (message: string): void => say(context.path, line, message);
    const apart = attributes.editable === undefined;
    if (apart && attributes.exercise !== undefined) return exercise(tokens, index, settings, context, self);
    if (apart && attributes.wrong !== undefined) {
      pageOf(context, tokens); // looks at all of the page's exercises
      return ""; // for the tests alone
    }
    if (apart && attributes.solution !== undefined) return ""; // stands in its cell
    if (apart) return fence(tokens, index, settings, context, self);
    const page = pageOf(context, tokens);
    for (const problem of problemsOf(tag, attributes, page)) complain(problem);
    page.names.add(attributes.editable);
    if (attributes.check) page.checks.push({name: attributes.check, line});
    if (attributes.solution) page.usedSolutions.add(attributes.solution);
    const {content} = token;
    const show = (info: string, code: string): string => {
      Object.assign(token, {info, content: code});
      return fence(tokens, index, settings, context, self);
    };
    const output = show(tag, shownExpression(content)); // stands below the code, where it does not push the buttons away
    const code = show(`${tag} run=false`, content);
    const solution = solutionHtml(page, attributes.solution);
    return `${openTag(attributes, token)}\n${code}${solution}${output}</live-cell>\n${scriptOnce(page)}`;
  };

  const exercise: typeof fence = (tokens, index, settings, context: PageContext, self) => {
    const token = tokens[index];
    const {tag, attributes} = parseInfo(token.info);
    const page = pageOf(context, tokens);
    Object.assign(token, {info: `${tag} run=false`});
    const code = fence(tokens, index, settings, context, self);
    const solution = solutionHtml(page, attributes.exercise);
    page.usedSolutions.add(attributes.exercise);
    const own = {...attributes, editable: attributes.exercise, exercise: context.path.slice(1)};
    return `${openTag(own, token)}\n${code}${solution}</live-cell>\n${scriptOnce(page)}`;
  };

  const render = renderer.render.bind(renderer);
  renderer.render = ((tokens, settings, context: PageContext) => {
    const html = render(tokens, settings, context);
    const page = pages.get(context);
    if (page && context.code) checkPage(page, context);
    return html;
  }) satisfies Renderer["render"];

  function pageOf(context: PageContext, tokens: Token[]): PageCells {
    const known = pages.get(context);
    if (known) return known;
    const page: PageCells = {
      names: new Set(),
      solutions: new Map(),
      usedSolutions: new Set(),
      checks: [],
      scripted: false
    };
    for (const problem of exercisesIn(tokens, root, context.path).problems) report(problem);
    for (const {type, info, content, map} of tokens) {
      if (type !== "fence") continue;
      const {tag, attributes} = parseInfo(info);
      if (attributes.solution === undefined || attributes.editable !== undefined) continue;
      if (attributes.run !== "false") say(context.path, map![0], "a solution must not run: add run=false");
      const code = `<code class="language-${tag}">${escapeHtml(content)}</code>`;
      page.solutions.set(attributes.solution, `<pre data-copy="none">${code}</pre>`);
    }
    pages.set(context, page);
    return page;
  }

  function checkPage({checks, solutions, usedSolutions}: PageCells, context: PageContext): void {
    const declared = new Set(context.code?.flatMap(({node}) => node.declarations?.map(({name}) => name) ?? []));
    for (const {name, line} of checks) {
      if (!declared.has(name))
        say(context.path, line, `check=${name}: no cell of this page defines a function ${name}; define it in a cell`);
    }
    for (const name of solutions.keys()) {
      if (!usedSolutions.has(name))
        say(context.path, 0, `no cell asks for the solution "${name}": write solution=${name} at an editable cell`);
    }
  }
}

function problemsOf(tag: string, attributes: Record<string, string>, {names, solutions}: PageCells): string[] {
  const {editable, rows, solution, collapsed} = attributes;
  const problems: string[] = [];
  if (tag !== "ts") problems.push(`an editable cell is TypeScript: write \`\`\`ts instead of \`\`\`${tag || " "}`);
  if (!nameForm.test(editable))
    problems.push(`editable=${editable || "…"}: give a name of small letters, digits and hyphens, such as ddim-step`);
  else if (names.has(editable)) problems.push(`editable=${editable}: another cell of this page has this name`);
  for (const name of Object.keys(attributes)) {
    if (!options.includes(name))
      problems.push(`${name} is no option of an editable cell: there are ${options.slice(1).join(", ")}`);
  }
  if (rows !== undefined && !(/^\d+$/.test(rows) && Number(rows) >= 1 && Number(rows) <= mostRows))
    problems.push(`rows=${rows}: choose a whole number of lines from 1 to ${mostRows}`);
  if (collapsed) problems.push(`collapsed=${collapsed}: it takes no value; write collapsed or leave it out`);
  if (solution !== undefined && !solutions.has(solution))
    problems.push(`solution=${solution}: this page has no fence \`\`\`ts run=false solution=${solution || "…"}`);
  return problems;
}

function openTag({editable, rows, collapsed, check, exercise}: Record<string, string>, {content}: Token): string {
  const lines = Number(rows) || content.trimEnd().split("\n").length;
  const attributes = [
    `name="${escapeHtml(editable)}"`,
    `rows="${lines}"`,
    ...(collapsed === undefined ? [] : ["collapsed"]),
    ...(check ? [`check="${escapeHtml(check)}"`] : []),
    ...(exercise ? [`exercise="${escapeHtml(exercise)}"`] : [])
  ];
  return `<live-cell ${attributes.join(" ")} style="--rows: ${lines}">`;
}

// Framework shows the value of an expression in JavaScript, but not in TypeScript: what drops the types adds a semicolon.
function shownExpression(content: string): string {
  try {
    const input = transformJavaScriptSync(content, "ts").trim().replace(/;$/, "");
    const {expression, references} = parseJavaScript(input, {path: "/"});
    const own = references.some(({name}) => name === "display" || name === "view");
    return expression && !own ? `display(await (${content.replace(/[;\s]*$/, "")}\n))` : content;
  } catch {
    return content; // Framework will say what is wrong
  }
}

function solutionHtml({solutions}: PageCells, name: string | undefined): string {
  const html = name === undefined ? undefined : solutions.get(name);
  return html ? `<details class="live-cell-solution"><summary>Solution</summary>\n${html}\n</details>\n` : "";
}

// Once a page, after its first cell: readers of other pages do not load it.
function scriptOnce(page: PageCells): string {
  const first = !page.scripted;
  page.scripted = true;
  return first ? script : "";
}

const script = `<div hidden>${probe}</div>\n<script type="module" src="/components/live-cell.js"></script>\n`;
