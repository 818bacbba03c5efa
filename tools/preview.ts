/** `npm run dev`: the site at http://127.0.0.1:3000, or the port in `PORT`; a change in a page shows at once. */
import type {IncomingMessage, Server, ServerResponse} from "node:http";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {preview} from "@observablehq/framework/dist/preview.js";
import {makeBundles} from "./bundles.js";
import {prepareCache} from "./cache.js";
import {katexAsset} from "./katex-assets.js";
import {licencesFile} from "./licences.js";
import {framePage} from "./page-frame.js";

/** Options of `startPreview`. */
export interface PreviewOptions {
  port?: number; // defaults to the first free one from 3000 on
  verbose?: boolean; // write a line for each request; defaults to true
  root?: string; // the source folder; defaults to "src"
  config?: string; // the file that names it; defaults to observablehq.config.ts
}

const hostname = "127.0.0.1";

/** Serves the sources as the site that they would become. Throws when the port is taken. */
export async function startPreview(options: PreviewOptions = {}): Promise<Server> {
  const {port, verbose = true, root = "src", config} = options;
  process.env.OBSERVABLE_TELEMETRY_DISABLE = "true";
  await makeBundles();
  await prepareCache(root);
  if (port) await assertFree(port);
  const {server} = await preview({hostname, port, verbose, config});
  const [answer] = server.listeners("request") as Answer[];
  server.removeAllListeners("request");
  server.on("request", (request, response) => void handle(answer, request, response));
  return server;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

// Framework's answer, with what the build does to a page afterwards.
async function handle(answer: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? "/", `http://${hostname}`).pathname;
  const asset = (await katexAsset(path.slice(1))) ?? (await licenceList(path.slice(1)));
  if (asset) return void response.writeHead(200, {"Content-Type": asset.type}).end(asset.contents);
  const end = response.end.bind(response) as (content?: unknown) => ServerResponse;
  response.end = ((content?: unknown) => {
    const isPage = String(response.getHeader("Content-Type")).startsWith("text/html");
    return end(isPage && typeof content === "string" ? frame(content, path) : content);
  }) as ServerResponse["end"];
  answer(request, response);
}

// The list is of what a build puts into the site.
async function licenceList(path: string): Promise<{type: string; contents: string} | undefined> {
  if (path !== licencesFile) return undefined;
  const contents = await readFile(join("dist", path), "utf8").catch(() => "npm run build makes this list.");
  return {type: "text/plain; charset=utf-8", contents};
}

function frame(html: string, pathname: string): string {
  const path = decodeURI(pathname)
    .replace(/\/$/, "/index")
    .replace(/\.html$/, "");
  try {
    return framePage(html, {path, preview: true});
  } catch (error) {
    console.error(error);
    return html;
  }
}

// Framework would end with a bare EADDRINUSE.
async function assertFree(port: number): Promise<void> {
  const {createServer} = await import("node:net");
  await new Promise<void>((done, reject) => {
    const taken = new Error(
      `Port ${port} is taken: stop what uses it, or choose another, e.g. PORT=${port + 1} npm run dev.`
    );
    const probe = createServer().once("error", () => reject(taken));
    probe.listen(port, hostname, () => probe.close(() => done()));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const {PORT} = process.env;
  await startPreview({port: PORT ? Number(PORT) : undefined}).catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
