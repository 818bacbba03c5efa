import type {FigureTable} from "./live.js";

/**
 * A table as CSV (RFC 4180): a line of column names, then the rows, with CRLF at the ends of lines. What holds a comma, a
 * quote or a line break stands in quotes. A number that is not finite is an empty field. Throws a RangeError when a row
 * has not one value for each column.
 */
export function csvText({columns, rows}: FigureTable): string {
  rows.forEach((row, k) => {
    if (row.length === columns.length) return;
    throw new RangeError(`row ${k} of the table has ${row.length} values, but there are ${columns.length} columns`);
  });
  return [columns, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function field(value: number | string): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
