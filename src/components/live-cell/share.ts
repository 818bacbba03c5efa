import type {PageSettings} from "./page-settings.js";

/** What a link holds: the edited cells, and the controls that were moved. */
export interface Shared {
  cells: Record<string, string>; // sources by the names of cells
  settings: PageSettings;
}

/** Why a link cannot be used: a sentence for the reader. */
export interface ShareProblem {
  problem: string;
}

const version = 1;

/** The longest hash, in characters: what mail and chat programs still pass on whole. */
export const longestHash = 16_000;

// Of the text inside, so that a small hostile link cannot grow without bound.
const longestText = 400_000;

/** Returns the hash of a link, `#live=1.…`, or why there is none. */
export async function encodeShare(shared: Shared): Promise<string | ShareProblem> {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  const packed = await through(bytes, new CompressionStream("deflate-raw"), Infinity);
  const hash = `#live=${version}.${toBase64Url(packed)}`;
  if (hash.length <= longestHash) return hash;
  const problem = `Your changes are too long for a link (${hash.length} characters; ${longestHash} are safe to send). Use Download instead.`;
  return {problem};
}

/** Reads the hash of a link. */
export async function decodeShare(hash: string): Promise<Shared | ShareProblem> {
  const [, number, data] = /^#live=(\d+)\.([\w-]*)$/.exec(hash) ?? [];
  if (number === undefined) return {problem: damaged};
  if (Number(number) > version)
    return {
      problem:
        "This link was made by a newer version of this site than the one you see. Load the page again, or ask for the code itself."
    };
  if (hash.length > longestHash)
    return {problem: `This link is longer than ${longestHash} characters, so it was not opened.`};
  try {
    const bytes = await through(fromBase64Url(data), new DecompressionStream("deflate-raw"), longestText);
    return check(JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(bytes)));
  } catch (error) {
    return {problem: error instanceof RangeError ? tooLarge : damaged};
  }
}

const damaged =
  "This link is damaged: part of it is missing or was changed on the way. Ask for it again, best as a file.";
const tooLarge = `This link holds more than ${longestText} characters of code, so it was not opened.`;

function check(value: unknown): Shared | ShareProblem {
  const {cells, settings} = (value ?? {}) as Partial<Shared>;
  const isRecord = (record: unknown) => typeof record === "object" && record !== null && !Array.isArray(record);
  const good =
    isRecord(cells) &&
    isRecord(settings) &&
    Object.values(cells!).every((source) => typeof source === "string") &&
    Object.values(settings!).every(
      (figure) =>
        isRecord(figure) && Object.values(figure).every((v) => typeof v === "string" || typeof v === "boolean")
    );
  return good ? {cells: cells!, settings: settings!} : {problem: damaged};
}

async function through(bytes: BufferSource, stream: GenericTransformStream, limit: number): Promise<Uint8Array> {
  const reader = (new Blob([bytes]).stream().pipeThrough(stream) as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      throw new RangeError("too large");
    }
    parts.push(value);
  }
  const result = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
