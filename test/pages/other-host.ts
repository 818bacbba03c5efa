/** Another host than the site's: it notes who asks, and answers whatever is asked; `/frame?URL` with a frame of a page. */
import {createSocket} from "node:dgram";
import {once} from "node:events";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";

/** A server of another origin, by HTTP and by UDP. */
export interface OtherHost {
  url: string; // with a slash at the end
  stun: string; // of the part that counts what comes by UDP
  /** What was asked for under a folder, in the order of the first time: "WebRTC" for what came by UDP. */
  seen(folder: string): string[];
  /** Resolves when all of these have been asked for. Rejects after half a minute with those that were not. */
  wait(folder: string, names: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Starts it on free ports of 127.0.0.1. */
export async function openOtherHost(): Promise<OtherHost> {
  const asked = new Set<string>();
  const listeners = new Set<() => void>();
  const note = (path: string): void => {
    asked.add(path);
    for (const listener of listeners) listener();
  };
  const server = createServer((request, response) => {
    const {pathname, search} = new URL(request.url!, "http://x");
    note(pathname.slice(1));
    const framed = pathname === "/frame" && decodeURIComponent(search.slice(1));
    const page = `<title>A page elsewhere</title><iframe src="${framed}" width="1200" height="700"></iframe>`;
    response.setHeader("Content-Type", framed ? "text/html" : "text/plain");
    response.writeHead(200, {"Access-Control-Allow-Origin": "*"}).end(framed ? page : "x");
  });
  server.on("upgrade", (request, socket) => {
    note(new URL(request.url!, "http://x").pathname.slice(1));
    socket.destroy();
  });
  const packets = createSocket("udp4").on("message", () => note("free/WebRTC"));
  await Promise.all([
    once(server.listen(0, "127.0.0.1"), "listening"),
    new Promise<void>((done) => packets.bind(0, "127.0.0.1", done))
  ]);
  const seen = (folder: string) =>
    [...asked].filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stun: `stun:127.0.0.1:${packets.address().port}`,
    seen,
    wait(folder, names) {
      const missing = () => names.filter((name) => !asked.has(`${folder}/${name}`));
      return new Promise((resolve, reject) => {
        const look = () => missing().length === 0 && end();
        const timer = setTimeout(() => end(new Error(`never asked for: ${missing().join(", ")}`)), 30_000);
        const end = (error?: Error) => {
          clearTimeout(timer);
          listeners.delete(look);
          if (error) reject(error);
          else resolve();
        };
        listeners.add(look);
        look();
      });
    },
    async close() {
      packets.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  };
}
