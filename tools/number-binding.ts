import type {StateCore} from "markdown-it";

const parted = /(?<=\d) ([×±]) (?=\d)/g;

/** Keeps `28 × 28` and `0.84 ± 0.02` on one line, but for headings, whose words may be links. */
export function numberRule({tokens}: StateCore): void {
  for (const [i, {children}] of tokens.entries()) {
    if (tokens[i - 1]?.type === "heading_open") continue;
    for (const token of children ?? [])
      if (token.type === "text") token.content = token.content.replace(parted, "\u00a0$1\u00a0");
  }
}
