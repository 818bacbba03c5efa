import type MarkdownIt from "markdown-it";
import type {StateCore, Token} from "markdown-it";

/** Notes in `meta.line` of each inline token of these types the line on which it starts, from 0, in the page's body. */
export function tokenLines(md: MarkdownIt, types: ReadonlySet<string>): void {
  const maps = new WeakMap<Token[], Token["map"][]>();
  // Framework's rule "placeholder" puts new tokens, without a map, in the place of HTML blocks that hold ${…}.
  md.core.ruler.before("placeholder", "keep_lines", ({tokens}) => void maps.set(tokens, mapsOf(tokens)));
  md.core.ruler.after("placeholder", "token_lines", ({tokens}: StateCore) => {
    for (const [i, map] of maps.get(tokens)?.entries() ?? []) tokens[i].map ??= map;
    noteLines(tokens, types);
  });
}

function mapsOf(tokens: Token[]): Token["map"][] {
  return tokens.map(({map}) => map);
}

function noteLines(tokens: Token[], types: ReadonlySet<string>): void {
  let line = 0; // the inline tokens of a table's cells have no map of their own
  for (const token of tokens) {
    if (token.map) line = token.map[0];
    let inside = line;
    for (const child of token.children ?? []) {
      if (types.has(child.type)) child.meta = {...child.meta, line: inside};
      inside += child.type === "softbreak" || child.type === "hardbreak" ? 1 : child.content.split("\n").length - 1;
    }
  }
}
