import {timeSlice} from "../event-loop.js";
import {digitUnpacker} from "./digit-set.js";
import type {DigitSet} from "./digit-set.js";

/** Options of `loadDigits`. */
export interface LoadDigitsOptions {
  /** Called with the share that is there, rising from 0 to 1; once with each at least. */
  onProgress?: (fraction: number) => void;
  signal?: AbortSignal;
  /** Passes by the browser's own copy of the file, which may be what is damaged; defaults to false. */
  fresh?: boolean;
}

const pieceBytes = 1 << 14; // of the packed file, unpacked in some milliseconds on a slow machine

/**
 * Loads a page's digits: fetches the file of `src/data/digits.bin.ts` (a pack of digit-set.ts in gzip) and unpacks it while
 * it comes, in pieces between which the page has its turns. Throws an Error, in a sentence for the reader, if the file
 * cannot be had or is damaged, and the signal's reason if that aborts.
 */
export async function loadDigits(url: string, options: LoadDigitsOptions = {}): Promise<DigitSet> {
  const {onProgress, signal, fresh = false} = options;
  signal?.throwIfAborted();
  onProgress?.(0);
  let lost: unknown; // why the download broke off, if it did
  const response = await fetch(url, {signal, cache: fresh ? "reload" : "default"}).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new Error(`The digits could not be loaded (${messageOf(error)}): check the connection, then try again.`);
  });
  if (!response.ok || !response.body) {
    const status = `${response.status} ${response.statusText}`.trim();
    throw new Error(`The digits could not be loaded (the server answered ${status}): try again later.`);
  }
  const unpacker = digitUnpacker();
  const slice = timeSlice(6); // ms: the page draws meanwhile
  const pieces = inPieces(response.body, (error) => (lost = error));
  const reader = pieces.pipeThrough(gunzip()).getReader();
  try {
    for (;;) {
      const {done, value} = await reader.read().catch(() => {
        signal?.throwIfAborted();
        if (lost === undefined) throw new Error("The file of digits came damaged or cut short: try again.");
        const reason = messageOf(lost);
        throw new Error(`The download of the digits broke off (${reason}): check the connection, then try again.`);
      });
      signal?.throwIfAborted();
      if (done) return unpacker.finish();
      unpacker.push(value);
      onProgress?.(unpacker.fraction);
      await slice();
    }
  } finally {
    void reader.cancel().catch(() => {}); // frees the connection where the file is not read to its end
  }
}

/** The bytes of a stream in small pieces, whatever it delivers: a cache may hand over all at once. */
function inPieces(stream: ReadableStream<Uint8Array>, onLost: (error: unknown) => void): ReadableStream<BufferSource> {
  const reader = stream.getReader();
  let rest: Uint8Array = new Uint8Array(0);
  return new ReadableStream<BufferSource>({
    async pull(controller) {
      try {
        while (rest.length === 0) {
          const {done, value} = await reader.read();
          if (done) return controller.close();
          rest = value;
        }
      } catch (error) {
        onLost(error);
        throw error;
      }
      controller.enqueue(rest.slice(0, pieceBytes));
      rest = rest.subarray(pieceBytes);
    },
    cancel: (reason) => reader.cancel(reason)
  });
}

function gunzip(): ReadableWritablePair<Uint8Array, BufferSource> {
  if (typeof DecompressionStream === "function") return new DecompressionStream("gzip");
  throw new Error("This browser is too old to unpack the digits: use one of 2023 or later.");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
