/** What came of a file that was handed in. */
export interface GradedFile {
  file: string;
  name: string; // the learner's, as the file says; empty where it could not be read
  results: ReadonlyMap<string, boolean>; // by exercise; those that were not tried are not there
  remarks: string[];
}

/**
 * Writes a table as CSV (RFC 4180): a line for each file with name, file, 1 or 0 for each exercise that was tried, how many
 * are right, and remarks.
 */
export function gradeTable(files: readonly GradedFile[], exercises: readonly string[]): string {
  const head = ["name", "file", ...exercises, "total", "remarks"];
  const lines = files.map(({name, file, results, remarks}) => {
    const marks = exercises.map((exercise) => (results.has(exercise) ? Number(results.get(exercise)) : ""));
    const total = [...results.values()].filter(Boolean).length;
    return [name, file, ...marks, total, remarks.join("; ")];
  });
  return [head, ...lines].map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

/**
 * A cell of a CSV table. A text that a spreadsheet would take for a formula gets an apostrophe before it: names come from
 * files of others, and a formula can send what is in the table to somebody.
 */
export function csvCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const safe = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value;
  return /[",;\r\n\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
