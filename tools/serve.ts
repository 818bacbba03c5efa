/** The plainest static host there is: a folder under a sub-path, files by their exact names. On demand, as others do it. */
import {createReadStream} from "node:fs";
import {readFile, stat} from "node:fs/promises";
import {createServer} from "node:http";
import type {IncomingMessage, ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {extname, join, resolve, sep} from "node:path";
import {fileURLToPath} from "node:url";
import {createGzip} from "node:zlib";

/** Options of `serve`. */
export interface ServeOptions {
  folder: string; // what to serve
  path?: string; // the sub-path it is served under, with a slash at both ends; defaults to "/"
  port?: number; // defaults to a free one
  compress?: boolean; // sends what gains by it with gzip, as many hosts do; defaults to false
  headers?: Record<string, string>; // sent with every file; defaults to none
  cleanUrls?: boolean; // `ddim` gets ddim.html, and `ddim.html` is sent on to `ddim`; defaults to false
  fallback?: boolean; // what is not there gets index.html, as an application of one page wants it; defaults to false
  types?: Record<string, string>; // by extension, in the place of `contentTypes`
  alter?: (html: string) => string; // what a page becomes on its way; defaults to itself
}

/** A server that is running. */
export interface Served {
  url: string; // the address of the folder, with a slash at the end
  close(): Promise<void>;
}

/** The content type by the file's extension; anything else is `application/octet-stream`. */
export const contentTypes: Record<string, string> = {
  ".bin": "application/octet-stream",
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".xml": "application/xml; charset=utf-8"
};

/**
 * Serves a folder on 127.0.0.1 as the dumbest host would: a request for `ddim` does not get `ddim.html`; only a folder
 * gets its `index.html`. Throws a RangeError for a `path` without a slash at both ends.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const {folder, path = "/", port = 0, headers = {}, ...manners} = options;
  if (!/^\/(.*\/)?$/.test(path)) throw new RangeError(`path is ${path}: it must begin and end with a slash`);
  const root = resolve(folder);
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answer({root, base: path, ...manners}, request, response).catch((error: unknown) =>
      fail(response, 500, String(error))
    );
  });
  await new Promise<void>((done, reject) => server.once("error", reject).listen(port, "127.0.0.1", done));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}${path}`,
    close: () =>
      new Promise((done, reject) => {
        server.close((error) => (error ? reject(error) : done()));
        server.closeAllConnections(); // a browser keeps its connections open
      })
  };
}

interface Host extends Omit<ServeOptions, "folder" | "path" | "port"> {
  root: string;
  base: string;
}

async function answer(host: Host, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const {root, base, compress, cleanUrls, fallback, types, alter} = host;
  if (request.method !== "GET" && request.method !== "HEAD") return fail(response, 405, "only GET and HEAD");
  const {url = "/"} = request;
  const named = locate(root, base, url);
  if (named === undefined) return fail(response, 403, "outside the folder");
  if (cleanUrls && named && /\.html(?=$|[?#])/.test(url) && (await sizeOf(named)) !== undefined)
    return void response.writeHead(308, {Location: url.replace(/(index)?\.html(?=$|[?#])/, "")}).end();
  const candidates = [named, ...(cleanUrls ? [`${named}.html`] : []), ...(fallback ? [join(root, "index.html")] : [])];
  const [file, size] = named === null ? [] : await firstFile(candidates);
  if (file === undefined) return fail(response, 404, "no such file");
  const extension = extname(file).toLowerCase();
  const type = types?.[extension] ?? contentTypes[extension] ?? "application/octet-stream";
  if (alter && extension === ".html") {
    const page = alter(await readFile(file, "utf8"));
    return void response.writeHead(200, {"Content-Type": type, "Cache-Control": "no-store"}).end(page);
  }
  const zipped = compress && /text|javascript|json|xml|wasm/.test(type) && takesGzip(request);
  response.writeHead(200, {
    "Content-Type": type,
    ...(zipped ? {"Content-Encoding": "gzip", Vary: "Accept-Encoding"} : {"Content-Length": size}),
    "Cache-Control": "no-store"
  });
  if (request.method === "HEAD") return void response.end();
  const content = createReadStream(file).on("error", () => response.destroy());
  if (zipped) content.pipe(createGzip()).pipe(response);
  else content.pipe(response);
}

async function firstFile(candidates: (string | null)[]): Promise<[file?: string, size?: number]> {
  for (const file of candidates) {
    const size = file === null ? undefined : await sizeOf(file);
    if (file !== null && size !== undefined) return [file, size];
  }
  return [];
}

async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

function takesGzip(request: IncomingMessage): boolean {
  return /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
}

// The file a request means: null when there is none to mean, undefined when it would lie outside the folder.
function locate(root: string, base: string, url: string): string | null | undefined {
  let path: string;
  try {
    path = decodeURIComponent(url.replace(/[?#].*$/, ""));
  } catch {
    return null;
  }
  if (path.includes("\0")) return null;
  if (/(^|[/\\])\.\.([/\\]|$)/.test(path)) return undefined;
  if (!path.startsWith(base)) return null;
  const file = join(root, path.slice(base.length));
  if (file !== root && !file.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
  return path.endsWith("/") ? join(file, "index.html") : file;
}

function fail(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"});
  response.end(`${status} ${message}\n`);
}

// npx tsx tools/serve.ts [folder] [/sub/path/]: the built site as a reader would get it.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = "dist", path = "/"] = process.argv.slice(2);
  console.log((await serve({folder, path, port: 8000})).url);
}
