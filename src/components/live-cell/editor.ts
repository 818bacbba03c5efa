import type {Command, CompletionContext, CompletionResult, DecorationSet} from "../vendor/editor.js";
import {
  Decoration,
  EditorView,
  Prec,
  StateEffect,
  StateField,
  acceptCompletion,
  autocompletion,
  bracketMatching,
  classHighlighter,
  closeCompletion,
  completionStatus,
  defaultKeymap,
  history,
  historyKeymap,
  indentOnInput,
  indentWithTab,
  keymap,
  moveCompletionSelection,
  selectedCompletion,
  syntaxHighlighting,
  typescriptLanguage
} from "../vendor/editor.js";

export interface EditorOptions {
  parent: HTMLElement;
  text: string;
  label: string; // read out
  hint: string; // the id of the element that says how to leave
  change: (text: string) => void; // the reader has typed
  run: () => void; // Shift+Enter
  leave: () => void; // Escape
  complete: readonly ((context: CompletionContext) => CompletionResult | Promise<CompletionResult | null> | null)[];
}

/** A text field for code, with colours, brackets, undo and completion. */
export interface Editor {
  text: string; // setting it can be undone by the reader
  mark(line: number | null): void; // the line with the error, from 1
  focus(): void;
  destroy(): void;
}

const setMark = StateEffect.define<number | null>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMark)) continue;
      const {doc} = transaction.state;
      const line = effect.value === null ? null : doc.line(Math.max(1, Math.min(doc.lines, effect.value)));
      next = line ? Decoration.set(Decoration.line({class: "live-cell-error-line"}).range(line.from)) : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field)
});

// Tab takes the completion that is chosen, or the first.
const takeCompletion: Command = (view) => {
  if (completionStatus(view.state) !== "active") return false;
  if (!selectedCompletion(view.state)) moveCompletionSelection(true)(view);
  return acceptCompletion(view);
};

// Tab indents only for who works in the editor. Who comes by with the Tab key goes on with it, in both directions.
const tabs = EditorView.domEventHandlers({
  focus: (_, view) => view.setTabFocusMode(true),
  click: (_, view) => view.setTabFocusMode(false),
  keydown({key}, view) {
    if (!/^(Tab|Escape|Shift|Control|Alt|Meta)$/.test(key)) view.setTabFocusMode(false);
  }
});

/** Makes an editor for a cell. */
export function makeEditor(options: EditorOptions): Editor {
  const {parent, text, label, hint, change, run, leave, complete} = options;
  const action =
    (act: () => void): Command =>
    () => (act(), true);
  const escape: Command = (view) => {
    const listed = completionStatus(view.state) === "active"; // else it is still looked for, or there is none
    closeCompletion(view);
    if (!listed) leave();
    return true;
  };
  const view = new EditorView({
    parent,
    doc: text,
    extensions: [
      Prec.highest(
        keymap.of([
          {key: "Shift-Enter", run: action(run)},
          {key: "Mod-Enter", run: action(run)},
          {key: "Escape", run: escape}
        ])
      ),
      history(),
      typescriptLanguage,
      syntaxHighlighting(classHighlighter),
      bracketMatching(),
      indentOnInput(),
      autocompletion({override: [...complete], icons: false, selectOnOpen: false}), // Enter is a new line unless one is chosen
      Prec.high(keymap.of([{key: "Tab", run: takeCompletion}])),
      keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
      marks,
      tabs,
      EditorView.contentAttributes.of({
        "aria-label": label,
        "aria-describedby": hint,
        tabindex: "0",
        autocapitalize: "off",
        autocorrect: "off",
        spellcheck: "false"
      }),
      EditorView.updateListener.of(({docChanged, state}) => {
        if (docChanged) change(state.doc.toString());
      })
    ]
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(next) {
      view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: next}});
    },
    mark: (line) => view.dispatch({effects: setMark.of(line)}),
    focus() {
      view.focus();
      view.setTabFocusMode(false); // the reader has asked for it
    },
    destroy: () => view.destroy()
  };
}
