/** `npm run dev`: the site at http://127.0.0.1:3000, or the port in `PORT`; a change in a page shows at once. */
import type {IncomingMessage, ServerResponse} from "node:http";
import {preview} from "@observablehq/framework/dist/preview.js";
import {bundleTfjs} from "./bundle-tfjs.js";
import {prepareCache} from "./cache.js";
import {katexAsset} from "./katex-assets.js";
import {framePage} from "./page-frame.js";

process.env.OBSERVABLE_TELEMETRY_DISABLE = "true";

const hostname = "127.0.0.1";
const port = process.env.PORT ? Number(process.env.PORT) : undefined;

await bundleTfjs();
await prepareCache("src");
const {server} = await preview({hostname, port, verbose: true});
const [answer] = server.listeners("request") as ((request: IncomingMessage, response: ServerResponse) => void)[];
server.removeAllListeners("request");
server.on("request", (request, response) => void handle(request, response));

// Framework's answer, with what the build does to a page afterwards.
async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? "/", `http://${hostname}`).pathname;
  const asset = await katexAsset(path.slice(1));
  if (asset) return void response.writeHead(200, {"Content-Type": asset.type}).end(asset.contents);
  const end = response.end.bind(response) as (content?: unknown) => ServerResponse;
  response.end = ((content?: unknown) => {
    const isPage = String(response.getHeader("Content-Type")).startsWith("text/html");
    return end(isPage && typeof content === "string" ? frame(content, path) : content);
  }) as ServerResponse["end"];
  answer(request, response);
}

function frame(html: string, pathname: string): string {
  const path = decodeURI(pathname).replace(/\/$/, "/index").replace(/\.html$/, "");
  try {
    return framePage(html, {path, formulas: true});
  } catch (error) {
    console.error(error);
    return html;
  }
}
