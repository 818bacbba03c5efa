import {compile} from "./compile.js";
import {downloadPage} from "./download.js";

/** Saves the page's cells as they are now, with the reader's texts in the place of the page's own. */
export function downloadEdited(format: "ts" | "ipynb", edits: ReadonlyMap<string, string>): Promise<void> {
  return downloadPage(format, edits, {
    analyse(source) {
      const {inputs, outputs, given, expression} = compile(source);
      const references = [...inputs.map(({name}) => name), ...given];
      return {declarations: outputs.map(({name}) => name), references, expression};
    }
  });
}
