/** A text that is put through a cell, and what must come of it. */
export interface Program {
  kind: "valid" | "broken" | "throwing" | "refused" | "looping" | "hostile";
  source: string;
  expect: Expectation;
  alone?: boolean; // it may spoil its page, so it gets one of its own
  wait?: number; // how long to wait for what comes later, in milliseconds
}

/** What a cell shows: a value, an error (`line` null: no line is known; undefined: not compared), or that it goes on until Stop. */
export type Expectation =
  {value: string | RegExp} | {message: RegExp; line?: number | null} | {either: RegExp} | "oracle" | "stopped";

/** Blocks of a text, parted by lines of `---`. */
export function blocks(text: string): string[] {
  return text
    .split(/^---\n/m)
    .map((block) => block.trim())
    .filter((block) => block !== "");
}

/** A program that shows the value of a block's last line as JSON. */
export function showing(block: string): string {
  const lines = block.split("\n");
  const value = lines.pop()!;
  const text = `JSON.stringify(${value}, (_, v) => (typeof v === "bigint" ? \`\${v}n\` : v))`;
  return [...lines, `display(document.createTextNode(String(${text})));`].join("\n");
}
