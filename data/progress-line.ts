/** One line that is written anew as work goes on. */
export interface ProgressLine {
  update(text: string): void;
  /** Ends the line; what is written next stands under it. With a text, that takes the line's place. */
  end(text?: string): void;
}

/** What is written to: the standard error, or what a test has in its place. */
export interface LineStream {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** A progress line. In a log, which cannot be written over, it is the first text and the one at the end. */
export function progressLine(stream: LineStream): ProgressLine {
  let shown = "";
  let writtenAt = -Infinity;
  return {
    update(text) {
      if (!stream.isTTY) {
        if (!shown) stream.write(`${text}\n`);
      } else {
        if (shown && performance.now() - writtenAt < 100) return;
        stream.write(`\r${text.padEnd(shown.length)}`);
        writtenAt = performance.now();
      }
      shown = text;
    },
    end(text) {
      if (stream.isTTY && shown) stream.write(text === undefined ? "\n" : "\r".padEnd(shown.length + 1) + "\r");
      if (text !== undefined) stream.write(`${text}\n`);
      shown = "";
    }
  };
}
