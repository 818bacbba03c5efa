// node serve.mjs [port]: serves this folder to this computer only. No packages; Node 18 or newer.
import {createReadStream, statSync} from "node:fs";
import {createServer} from "node:http";
import {extname, join, resolve, sep} from "node:path";
import {fileURLToPath} from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2"
};

const server = createServer((request, response) => {
  const file = fileOf(request.url ?? "/");
  if (!file) {
    response.writeHead(404, {"Content-Type": "text/plain; charset=utf-8"}).end("There is no such page here.\n");
    return;
  }
  const type = types[extname(file).toLowerCase()] ?? "application/octet-stream";
  response.writeHead(200, {"Content-Type": type, "Cache-Control": "no-cache"});
  if (request.method === "HEAD") response.end();
  else createReadStream(file).pipe(response);
});

function fileOf(url) {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/, ""));
    const file = resolve(join(folder, path.endsWith("/") ? `${path}index.html` : path));
    if (!file.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return null;
    return statSync(file).isFile() ? file : null;
  } catch {
    return null;
  }
}

const port = Number(process.argv[2] ?? 8000);
server.on("error", (error) => {
  console.error(`The port ${port} cannot be used (${error.code}). Try another one: node serve.mjs ${port + 1}`);
  process.exitCode = 1;
});
server.listen(port, "127.0.0.1", () => {
  console.log(`The course is at http://127.0.0.1:${server.address().port}/ — press Ctrl+C to end.`);
});
