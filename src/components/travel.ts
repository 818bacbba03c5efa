/** What goes between a page and its workers: errors, and buffers that are handed over. */

/** An error as it travels: the classes of errors do not survive the way, their names and fields do. */
export interface Failure {
  name: string;
  message: string;
  fields: Record<string, string | number>;
}

/** An error, made ready to travel. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return {name: "Error", message: String(error), fields: {}};
  const fields = Object.entries(error).filter(([, value]) => typeof value === "number" || typeof value === "string");
  return {name: error.name, message: error.message, fields: Object.fromEntries(fields) as Failure["fields"]};
}

/** The error that travelled. */
export function toError({name, message, fields}: Failure): Error {
  return Object.assign(new Error(message), fields, {name});
}

/** The buffers of the typed arrays in a message, to be handed over instead of copied: the sender loses them. */
export function buffersOf(content: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  collect(content, found);
  return [...found];
}

function collect(content: unknown, found: Set<ArrayBuffer>): void {
  if (ArrayBuffer.isView(content)) {
    if (content.buffer instanceof ArrayBuffer) found.add(content.buffer);
  } else if (typeof content === "object" && content !== null) {
    for (const value of Object.values(content)) collect(value, found);
  }
}
