import {writeFile} from "node:fs/promises";
import {join} from "node:path";

// For hosts that send headers. The policy of a page is in the page (content-policy.ts), which knows its scripts; the one
// here holds for every file, and so for a worker that code starts from the address of a module, too. A frame may hold the
// pages from anywhere, as /teach offers: no frame-ancestors.

const policy = [
  "default-src 'self' data: blob:",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'"
];

/** What a host should send with every file, where it can. */
export const hostHeaders: Record<string, string> = {
  "Content-Security-Policy": policy.join("; "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=(), midi=(), payment=(), usb=()"
};

/** The files by which hosts are told, by their names in the site: Netlify and Cloudflare Pages; Vercel. */
export function headerFiles(): Record<string, string> {
  const pairs = Object.entries(hostHeaders);
  const headers = pairs.map(([key, value]) => ({key, value}));
  return {
    _headers: `/*\n${pairs.map(([key, value]) => `  ${key}: ${value}\n`).join("")}`,
    "vercel.json": `${JSON.stringify({headers: [{source: "/(.*)", headers}]}, null, 2)}\n`
  };
}

/** Writes these files into a built site. */
export async function writeHeaderFiles(output: string): Promise<void> {
  for (const [name, text] of Object.entries(headerFiles())) await writeFile(join(output, name), text);
}
