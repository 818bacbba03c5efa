import {createHash} from "node:crypto";
import {mkdir, readFile, rename, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";

/** A file that is known before it is had. */
export interface KnownFile {
  name: string;
  bytes: number;
  sha256: string; // in hexadecimal
}

/** Options of `download`. */
export interface DownloadOptions {
  mirrors: readonly string[]; // addresses of folders that hold the file, each with a slash at the end
  folder: string; // where the file is kept
  idle?: number; // ms without a byte after which a mirror is given up; defaults to 10,000
  limit?: number; // ms for the file from one mirror; defaults to 60,000
  onProgress?: (bytes: number, mirror: string) => void; // called with the bytes that are there
}

/** A file that was downloaded. */
export interface Downloaded {
  bytes: Uint8Array;
  mirror: string;
}

const triesOfMirror = 3;

/** The bytes that are there so far. They outlive a mirror: the next one goes on where it stopped. */
type Held = {chunks: Uint8Array[]; length: number};

/** A try that failed; `again` says that the same mirror deserves another. */
class TryError extends Error {
  readonly again: boolean;
  constructor(message: string, again: boolean) {
    super(message);
    this.again = again;
  }
}

/**
 * Downloads a file from the first mirror that gives it, checks it, and keeps it in the folder. What breaks off goes on by a
 * Range request, also in a later run; what is damaged starts again from nothing. Throws an Error that says, in one line,
 * what was wrong with each mirror.
 */
export async function download(file: KnownFile, options: DownloadOptions): Promise<Downloaded> {
  const {mirrors, folder} = options;
  const part = join(folder, `${file.name}.part`);
  const held = hold(await readFile(part).catch(() => new Uint8Array(0)));
  const reasons: string[] = [];
  for (const mirror of mirrors) {
    const problem = await tryMirror(file, mirror, held, options);
    if (problem === undefined) {
      const bytes = joined(held);
      await keep(join(folder, file.name), bytes);
      await rm(part, {force: true}).catch(() => {});
      return {bytes, mirror};
    }
    reasons.push(`${hostOf(mirror)}: ${problem}`);
  }
  if (held.length) await keep(part, joined(held));
  throw new Error(`${file.name} could not be downloaded (${reasons.join("; ") || "there is no mirror"})`);
}

/** Returns what is wrong with the bytes, or undefined if they are the file. */
export function damageOf(bytes: Uint8Array, {bytes: size, sha256}: KnownFile): string | undefined {
  if (bytes.length !== size) return `it has ${bytes.length} bytes, not ${size}`;
  const found = createHash("sha256").update(bytes).digest("hex");
  return found === sha256 ? undefined : `its SHA-256 is ${found.slice(0, 8)}…, not ${sha256.slice(0, 8)}…`;
}

/** Writes a file whole or not at all. A folder that cannot be written to costs the next run another download, no more. */
async function keep(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(join(path, ".."), {recursive: true});
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch {
    await rm(temporary, {force: true}).catch(() => {});
  }
}

/** Completes `held` from one mirror; returns what was wrong if it cannot. */
async function tryMirror(file: KnownFile, mirror: string, held: Held, options: DownloadOptions) {
  const {limit = 60_000} = options;
  const stop = new AbortController();
  const late = new Error(`not done in ${limit / 1000} s`);
  const timer = setTimeout(() => stop.abort(late), limit);
  try {
    for (let tries = 1; ; ++tries) {
      try {
        if (held.length < file.bytes) await fetchRest(file, mirror, held, {...options, stop});
        const damage = damageOf(joined(held), file);
        if (damage === undefined) return undefined;
        drop(held);
        throw new TryError(`damaged, since ${damage}`, true);
      } catch (error) {
        const again = error instanceof TryError && error.again && !stop.signal.aborted;
        if (!again || tries === triesOfMirror) return reasonOf(error);
      }
    }
  } finally {
    clearTimeout(timer);
    stop.abort(); // closes what was not read to its end
  }
}

async function fetchRest(
  file: KnownFile,
  mirror: string,
  held: Held,
  {idle = 10_000, onProgress, stop}: DownloadOptions & {stop: AbortController}
): Promise<void> {
  const quiet = () => stop.abort(new Error(`no answer in ${idle / 1000} s`));
  let timer = setTimeout(quiet, idle);
  let come = 0;
  try {
    const headers = {"accept-encoding": "identity", ...(held.length ? {range: `bytes=${held.length}-`} : {})};
    const response = await fetch(new URL(file.name, mirror), {headers, signal: stop.signal});
    if (response.status === 416) drop(held); // more is held than the mirror has
    if (!response.ok || !response.body) throw new TryError(`HTTP ${response.status}`, response.status === 416);
    const start = response.status === 206 ? startOf(response) : 0;
    if (start === 0) drop(held); // a mirror without Range sends the whole
    if (start !== held.length) throw new TryError("it sends another part than was asked for", false);
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(quiet, idle);
      held.chunks.push(chunk);
      held.length += chunk.length;
      come += chunk.length;
      onProgress?.(held.length, mirror);
      if (held.length > file.bytes) return; // damaged: the check says so
    }
  } catch (error) {
    if (error instanceof TryError) throw error;
    throw new TryError(reasonOf(stop.signal.aborted ? stop.signal.reason : error), come > 0);
  } finally {
    clearTimeout(timer);
  }
  if (held.length < file.bytes) throw new TryError(`ended after ${held.length} of ${file.bytes} bytes`, come > 0);
}

function startOf(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? NaN);
}

function hold(bytes: Uint8Array): Held {
  return {chunks: [bytes], length: bytes.length};
}

function drop(held: Held): void {
  Object.assign(held, {chunks: [], length: 0});
}

function joined(held: Held): Uint8Array {
  if (held.chunks.length !== 1) held.chunks = [new Uint8Array(Buffer.concat(held.chunks))];
  return held.chunks[0];
}

/** Why a request failed, in a few words: fetch says only "fetch failed" and keeps the reason as the cause. */
export function reasonOf(error: unknown): string {
  const {message, code, cause} = error as {message?: string; code?: string; cause?: unknown};
  if (cause !== undefined) return reasonOf(cause);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name is not known here";
  return (message || code || String(error)).replace(/\s+/g, " ");
}

function hostOf(mirror: string): string {
  return new URL(mirror).host;
}
