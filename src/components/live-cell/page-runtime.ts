import {define} from "observablehq:client";
import {Inspector} from "observablehq:runtime";

// The one file that knows the insides of Framework 1.13.4 and of @observablehq/runtime 6.0.1, both pinned.
// test/pages/page-runtime.test.ts notices when one of them changes:
//   observablehq:client      define({id, inputs, body}) needs a root <!--:id:--> that was in the page when it loaded
//   observablehq:runtime     Inspector, as Framework's own client uses it
//   a cell's variable        its observer's `_node` is the parent of the cell's root; its outputs are variables of its own
//   module._scope            Map of the page's variables by name; `_type` 1 is a definition, 2 a name that is only used
//   module._runtime          `module()` makes another module; `_builtin._scope` has Framework's names; `_variables` all that are defined
//   variable._name, _inputs, _outputs, _definition, _observer, _shadow, _value, _invalidate

/** A variable of Framework's runtime; `define` and `delete` are its public part. */
export interface Variable {
  define(name: string | null, inputs: readonly string[], definition: (...inputs: never[]) => unknown): Variable;
  delete(): Variable;
  readonly _name: string | null;
  readonly _type: number;
  readonly _inputs: Variable[];
  readonly _outputs: Set<Variable>;
  readonly _definition: (...inputs: never[]) => unknown;
  readonly _observer: {_node?: Node} | symbol;
  readonly _shadow: Map<string, Variable> | null;
  readonly _value: unknown;
  readonly _invalidate: () => void;
}

/** What a variable tells; `_node` is where `visibility` looks. */
export type Observer = {_node?: Node; rejected?(error: unknown): void};

interface Module {
  variable(observer?: Observer | true): Variable;
  readonly _scope: Map<string, Variable>;
  readonly _runtime: {_variables: Set<Variable>; _builtin: {_scope: Map<string, Variable>}; module(): Module};
}

/** The page's cells, as an edited cell joins them. */
export interface PageRuntime {
  variable(observer?: Observer | true): Variable; // a new one in the page's scope
  find(name: string): Variable | undefined; // the one that defines a name in this page
  names(): string[]; // all that the page's cells define
  isBuiltin(name: string): boolean; // whether Framework itself has the name: `width`, `Generators`, …
  nativeCell(block: Element): NativeCell | undefined; // as Framework compiled it, by the element that holds its root
}

/** A cell as Framework made it, which can make room for an edited one and come back. */
export interface NativeCell {
  outputs: Map<string, Variable>; // the variables of its names, which live on under the edited cell
  stop(): void; // resolves its `invalidation`
  suspend(): void; // after this its code is not run; the outputs must have been given another definition before
  restore(): void; // brings it and its outputs back as they were
}

const probe = "11fe0000"; // tools/editable-cells.ts writes its root
let main: Promise<Module> | undefined;
let runtime: Promise<PageRuntime> | undefined;

function mainModule(): Promise<Module> {
  main ??= new Promise((resolve) => {
    define({id: probe, inputs: ["@variable"], body: (v: {_module: Module}) => resolve(v._module)});
  });
  return main;
}

/** Joins the page. */
export function pageRuntime(): Promise<PageRuntime> {
  return (runtime ??= mainModule().then(join));
}

/** A scope of its own beside the page: for an exercise, which neither takes names from the page nor gives any. */
export async function ownRuntime(): Promise<PageRuntime> {
  const {_runtime: inner} = await mainModule();
  return {...join(inner.module()), nativeCell: () => undefined};
}

function join(module: Module): PageRuntime {
  const {_scope: scope, _runtime: inner} = module;
  const find = (name: string) => (scope.get(name)?._type === 2 ? undefined : scope.get(name));
  return {
    variable: (observer) => module.variable(observer),
    find,
    names: () => [...scope.keys()].filter((name) => !/^(cell|edited) /.test(name) && find(name)),
    isBuiltin: (name) => inner._builtin._scope.has(name),
    nativeCell(block) {
      // By its name if it has one: the preview may have moved its root to another block.
      const [id] = /[0-9a-f]{8}(-\d+)?/.exec([...block.childNodes].find(isRoot)?.nodeValue ?? "") ?? [];
      const isHere = ({_observer: o}: Variable) => typeof o === "object" && o._node === block;
      const base = find(`cell ${id}`) ?? [...inner._variables].find(isHere);
      return base && nativeCell(base);
    }
  };
}

const isRoot = ({nodeType, nodeValue}: Node) => nodeType === 8 && /^:[0-9a-f]{8}(-\d+)?:$/.test(nodeValue!);

function nativeCell(base: Variable): NativeCell {
  const {_name: name, _definition: definition} = base;
  const inputs = base._inputs.map((input) => shadowName(base, input) ?? input._name!);
  const outputs = new Map([...base._outputs].map((output) => [output._name!, output]));
  return {
    outputs,
    stop: () => base._invalidate(),
    suspend: () => void base.delete(),
    restore() {
      base.define(name, inputs, definition);
      for (const [key, output] of outputs)
        output.define(key, [name!], (values: Record<string, unknown>) => values[key]);
    }
  };
}

const shadowName = ({_shadow}: Variable, input: Variable) => [...(_shadow ?? [])].find(([, own]) => own === input)?.[0];

/** Whether a variable is computed, directly or not, from another. */
export function dependsOn(variable: Variable, other: Variable, seen = new Set<Variable>()): boolean {
  if (variable === other) return true;
  if (seen.has(variable)) return false;
  seen.add(variable);
  return variable._inputs.some((input) => dependsOn(input, other, seen));
}

/** A variable's last value. */
export const valueOf = (variable: Variable | undefined): unknown => variable?._value;
/** Whether others use it. */
export const isUsed = ({_outputs}: Variable): boolean => _outputs.size > 0;

/** A value as Framework shows it. */
export function inspect(value: unknown): HTMLElement {
  const node = document.createElement("div");
  new Inspector(node).fulfilled(value);
  return node;
}
