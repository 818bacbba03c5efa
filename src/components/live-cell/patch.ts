/** Changes to a text, all given by positions in the text as it was. */
export class Patch {
  readonly #text: string;
  readonly #opens = new Map<number, string>(); // what goes before what stands at a position, outer first
  readonly #closes = new Map<number, string>(); // what goes after what ends at a position, inner first
  readonly #gaps: {start: number; end: number; text: string}[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Puts `before` and `after` around a part. Call it for outer parts first. */
  wrap({start, end}: {start: number; end: number}, before: string, after: string): void {
    if (start === end) return this.open(start, before + after);
    this.open(start, before);
    this.#closes.set(end, after + (this.#closes.get(end) ?? ""));
  }

  /** Puts text before what stands at a position, after what was put there already. */
  open(position: number, text: string): void {
    this.#opens.set(position, (this.#opens.get(position) ?? "") + text);
  }

  /** Puts text in the place of a part, which nothing else may change. */
  replace(start: number, end: number, text: string): void {
    this.#gaps.push({start, end, text});
  }

  toString(): string {
    let result = "";
    let from = 0;
    const gaps = [...this.#gaps].sort((a, b) => a.start - b.start);
    const positions = new Set([...this.#opens.keys(), ...this.#closes.keys(), ...gaps.map(({start}) => start)]);
    for (const position of [...positions].sort((a, b) => a - b)) {
      result +=
        this.#text.slice(from, position) + (this.#closes.get(position) ?? "") + (this.#opens.get(position) ?? "");
      from = position;
      if (gaps[0]?.start === position) {
        const {end, text} = gaps.shift()!;
        result += text;
        from = end;
      }
    }
    return result + this.#text.slice(from);
  }
}
