import type {AnyNode, Expression, Program} from "../vendor/compiler.js";
import {ancestor} from "../vendor/compiler.js";
import {ownedMethods} from "./owned.js";
import type {Patch} from "./patch.js";

// What a run calls while it runs (src/components/live-cell/run.ts):
//   __live.tick()     at the start of every loop body and function: throws when the run is over or has held the page
//   __live.paused(v), __live.resumed(v)   around every await and yield, so that nothing goes on after the end, and that
//                     a tensor is known to be of this run
//   __live.enter(), __live.leave()        around the body of an async function or generator, for the same
//   __live.own(o)     before .addEventListener and the timers' methods; in an optional chain __live.chained(o)?.self
//   __live.module(s)  in place of import

type Loop = Extract<AnyNode, {type: "ForStatement" | "WhileStatement" | "DoWhileStatement" | "ForInStatement"}>;
type Call = Extract<AnyNode, {type: "CallExpression"}>;
type Field = Extract<AnyNode, {type: "PropertyDefinition"}>;
type ForOf = Extract<AnyNode, {type: "ForOfStatement"}>;
type Function = Extract<AnyNode, {type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression"}>;

/** Puts the calls into a cell's code. Lines stay where they are. */
export function instrument(body: Program | Expression, patch: Patch): void {
  const nodes: {node: AnyNode; parent: AnyNode | undefined}[] = [];
  const note = (node: AnyNode, _: unknown, ancestors: AnyNode[]) => nodes.push({node, parent: ancestors.at(-2)});
  const kinds =
    "ForStatement WhileStatement DoWhileStatement ForInStatement ForOfStatement FunctionDeclaration FunctionExpression ArrowFunctionExpression AwaitExpression YieldExpression CallExpression ImportExpression PropertyDefinition BinaryExpression";
  ancestor(body, Object.fromEntries(kinds.split(" ").map((kind) => [kind, note])));
  // Outer before inner, as Patch asks: of two that start together, the one that ends later.
  nodes.sort(({node: a}, {node: b}) => a.start - b.start || b.end - a.end);
  for (const {node, parent} of nodes) visit(node, parent, patch);
}

function visit(node: AnyNode, parent: AnyNode | undefined, patch: Patch): void {
  switch (node.type) {
    case "ForStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForInStatement":
      return loop(node, patch);
    case "ForOfStatement":
      return node.await ? forAwait(node, parent, patch) : loop(node, patch);
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return enter(node, patch);
    case "AwaitExpression":
      patch.wrap(node, "__live.resumed(", ")");
      return argument(node.argument, "__live.paused(", patch);
    case "YieldExpression":
      patch.wrap(node, "__live.resumed(", ")");
      if (node.argument) argument(node.argument, "__live.paused(", patch);
      else patch.replace(node.start, node.end, "yield __live.paused()");
      return;
    case "CallExpression":
      return own(node, patch);
    case "ImportExpression":
      return patch.replace(node.start, node.start + "import".length, "__live.module");
    case "PropertyDefinition":
      return field(node, patch);
    case "BinaryExpression":
      // a<!--b begins a comment where the code runs, since that is not a module.
      return node.operator === "<" ? patch.open(node.right.start, " ") : undefined;
    default: // `instrument` passes no others
  }
}

/** Hands a part to a call; `(a, b)` has its parentheses outside of the node. */
function argument(node: Expression, before: string, patch: Patch): void {
  const several = node.type === "SequenceExpression";
  patch.wrap(node, several ? `${before}(` : before, several ? "))" : ")");
}

function own({callee}: Call, patch: Patch): void {
  if (callee.type !== "MemberExpression" || callee.computed || callee.object.type === "Super") return;
  if (callee.property.type !== "Identifier" || !ownedMethods.has(callee.property.name)) return;
  if (inChain(callee.object)) patch.wrap(callee.object, "__live.chained(", ")?.self");
  else argument(callee.object, "__live.own(", patch);
}

// Whether a part may cut its chain short: a?.b, of a?.b.c().
function inChain(node: AnyNode): boolean {
  if (node.type === "MemberExpression") return node.optional || inChain(node.object);
  return node.type === "CallExpression" && (node.optional || inChain(node.callee));
}

// Fields run at each `new`, which can go on without end though no function of the cell is called. An anonymous function
// has its name from the field only where it stands alone, and does not run yet.
function field({value}: Field, patch: Patch): void {
  if (value && !/^(ArrowFunction|Function|Class)Expression$/.test(value.type))
    patch.wrap(value, "(__live.tick(),", ")");
}

function loop({body}: Loop | ForOf, patch: Patch): void {
  if (body.type === "BlockStatement") patch.open(body.start + 1, "__live.tick();");
  else patch.wrap(body, "{__live.tick();", "}");
}

function forAwait(node: ForOf, parent: AnyNode | undefined, patch: Patch): void {
  if (parent?.type !== "LabeledStatement") patch.wrap(node, "{", " __live.resumed();}");
  argument(node.right, "__live.paused(", patch);
  patch.wrap(node.body, "{__live.resumed();try{", "}finally{__live.paused();}}");
}

function enter({body, async, generator}: Function, patch: Patch): void {
  if (body.type !== "BlockStatement") return patch.wrap(body, "(__live.tick(),", ")");
  if ((!async && !generator) || declaresTwice(body)) return patch.open(body.start + 1, "__live.tick();");
  patch.wrap({start: body.start + 1, end: body.end - 1}, "__live.enter();try{", "}finally{__live.leave();}");
}

// A function's body may declare a function twice, or beside a var; a block in it may not.
function declaresTwice({body}: {body: AnyNode[]}): boolean {
  const functions = body.flatMap((node) => (node.type === "FunctionDeclaration" ? [node.id!.name] : []));
  const names = body.flatMap((node) =>
    node.type === "VariableDeclaration"
      ? node.declarations.map(({id}) => (id.type === "Identifier" ? id.name : ""))
      : []
  );
  return functions.some((name, i) => functions.indexOf(name) < i || names.includes(name));
}
