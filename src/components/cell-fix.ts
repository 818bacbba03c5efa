/** A cell of the page, as src/components/live-cell.ts defines it. */
interface OpenableCell extends HTMLElement {
  open(focus: boolean): Promise<void>;
}

/**
 * Puts the solution of a cell into its editor and runs it, as the reader could do by hand. Returns a sentence if the cell
 * cannot be opened, or has no solution.
 */
export async function putFix(name: string): Promise<string | undefined> {
  const cell = document.querySelector<OpenableCell>(`live-cell[name="${name}"]`);
  if (!cell || typeof cell.open !== "function")
    return "The cell above cannot be edited here. Its solution stands under the code.";
  await cell.open(false);
  const put = cell.querySelector<HTMLButtonElement>(".live-cell-solution button");
  const run = cell.querySelector<HTMLButtonElement>(".live-cell-buttons button.primary");
  if (!put || !run) return "The editor could not be loaded. The solution stands under the code.";
  put.click();
  run.click();
  return undefined;
}
