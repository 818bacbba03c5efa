import {createHash} from "node:crypto";
import {minifyInline} from "./minify.js";
import {guardScript} from "./page-guard.js";

// What a page may load and where it may send something. The threat model is in SECURITY.md. A meta element, because a
// plain host sends no headers of ours.

/** Returns the policy of a page, from its HTML as it is served. */
export function contentPolicy(html: string, {preview = false} = {}): string {
  // Only what the reader edits is compiled from text; WebAssembly is the digits' and the points' networks. The preview
  // compiles all cells of a page.
  const compiled = preview || html.includes("<live-cell") ? "'unsafe-eval'" : "'wasm-unsafe-eval'";
  const directives = [
    "default-src 'none'",
    `script-src 'self' ${compiled} ${inlineScripts(html).map(sha256).join(" ")}`,
    // 'self' for what a worker's module imports, as Firefox reads it; src/components/start-worker.ts says what that takes.
    "worker-src 'self' blob:",
    // Styles may stand in the page, as KaTeX's do: what they load is held by the other lines.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'"
  ];
  return directives.join("; ");
}

/** Puts the policy into a page, before all that it is to hold; `up` is the site's folder, relative to the page. */
export function withPolicy(html: string, up: string, options: {minify?: boolean; preview?: boolean} = {}): string {
  if (!html.includes(charset)) throw new Error(`a page lacks ${charset}, behind which its content policy goes`);
  const {minify = false, preview} = options;
  const guarded = html.replace(charset, () => `${charset}\n<script>${guardScript(up, {preview})}</script>\n`);
  const page = minify ? minifyInline(guarded) : guarded;
  const metas = [
    `<meta http-equiv="Content-Security-Policy" content="${contentPolicy(page, {preview})}">`,
    '<meta name="referrer" content="same-origin">',
    '<meta http-equiv="x-dns-prefetch-control" content="off">' // a link's host is not looked up before it is followed
  ];
  return page.replace(charset, () => [charset, ...metas].join("\n"));
}

const charset = '<meta charset="utf-8">';

function inlineScripts(html: string): string[] {
  const scripts = html.matchAll(/<script\b([^>]*)>([^]*?)<\/script>/g);
  return Array.from(scripts).flatMap(([, attributes, text]) =>
    /\ssrc=|\stype="application\/json"/.test(attributes) ? [] : [text]
  );
}

function sha256(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
