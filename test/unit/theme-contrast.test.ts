/** Contrast of the theme's colours (WCAG 1.4.3 and 1.4.11): what pages and plots are made of, before they are drawn. */
import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {describe, it} from "node:test";

type Scheme = "light" | "dark";
type Color = readonly [number, number, number];

const filesIn = (folder: string, end: string) =>
  readdirSync(folder).flatMap((name) => (name.endsWith(end) ? [`${folder}/${name}`] : []));
const css = readFileSync("src/style.css", "utf8");
const sheets = ["src/style.css", ...filesIn("src/styles", ".css")].map((file) => readFileSync(file, "utf8")).join("\n");
const own = css.slice(0, css.indexOf("@media")); // what readers who force their colours get is theirs

const letters = [
  ...["theme-foreground", "theme-foreground-alt", "theme-foreground-muted", "theme-foreground-faint"],
  ...["theme-foreground-focus", "theme-blue", "theme-green", "theme-red", "theme-yellow"],
  ...["ddpm", "ddim", "data", "noise", "learned"],
  ...["syntax-keyword", "syntax-entity", "syntax-constant", "syntax-string", "syntax-variable", "syntax-comment"],
  ...["syntax-entity-tag", "syntax-storage-modifier-import"]
];
const lines = ["theme-foreground-fainter"]; // borders of controls, axes, circles of plots
const grounds = ["theme-background-a", "theme-background-b"];
/** Nothing is read off these: they part what is apart by its place and its words as well. */
const ornaments = ["theme-foreground-faintest", "plot-grid"];

/** The grounds that style sheets mix: a colour's share of the page's ground. */
const mixed = [
  ...["theme-red", "theme-yellow", "theme-green"].map((name) => [name, 0.09] as const),
  ["theme-foreground-focus", 0.28] as const // selected code
];

function channels(hex: string): Color {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Color;
}

function colorOf(name: string, scheme: Scheme, depth = 0): Color {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(own)?.[1] ?? "";
  const both = /^light-dark\((#\w{6}), (#\w{6})\)$/.exec(value);
  if (both) return channels(both[scheme === "light" ? 1 : 2]);
  const other = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
  assert.ok(other && depth < 4, `--${name} is “${value}”: neither light-dark(#…, #…) nor another colour`);
  return colorOf(other, scheme, depth + 1);
}

function lightness(color: Color): number {
  const [red, green, blue] = color.map((part) =>
    part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: Color, b: Color): number {
  const [low, high] = [lightness(a), lightness(b)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
}

function mix(color: Color, share: number, ground: Color): Color {
  return color.map((part, k) => share * part + (1 - share) * ground[k]) as unknown as Color;
}

/** The grounds of a scheme by their names: the page's, code's, the planes', and those that are mixed. */
function groundsOf(scheme: Scheme): [string, Color][] {
  const page = colorOf("theme-background-a", scheme);
  const plane = /\.plane canvas \{[^}]*background: light-dark\((#\w{6}), (#\w{6})\)/.exec(sheets)!;
  return [
    ...grounds.map((name) => [name, colorOf(name, scheme)] as [string, Color]),
    ["the ground of planes", channels(plane[scheme === "light" ? 1 : 2])],
    ...mixed.map(
      ([name, share]) => [`${100 * share}% ${name}`, mix(colorOf(name, scheme), share, page)] as [string, Color]
    )
  ];
}

for (const scheme of ["light", "dark"] as const) {
  describe(`the colours of the ${scheme} theme`, () => {
    it("can be read as letters, 4.5 to 1, on the page, on code and on a plane", () => {
      for (const [ground, on] of groundsOf(scheme).slice(0, 3)) {
        for (const name of letters) {
          const ratio = contrast(colorOf(name, scheme), on);
          assert.ok(ratio >= 4.5, `--${name} on ${ground}: ${ratio.toFixed(2)}`);
        }
      }
    });
    it("can be read as the text of notices, of alerts and of selected code", () => {
      for (const [ground, on] of groundsOf(scheme).slice(3)) {
        for (const name of ["theme-foreground", "theme-foreground-alt"]) {
          const ratio = contrast(colorOf(name, scheme), on);
          assert.ok(ratio >= 4.5, `--${name} on ${ground}: ${ratio.toFixed(2)}`);
        }
      }
    });
    it("can be seen as lines, borders of controls and rings of focus, 3 to 1", () => {
      for (const [ground, on] of groundsOf(scheme).slice(0, 3)) {
        for (const name of [...lines, ...letters]) {
          const ratio = contrast(colorOf(name, scheme), on);
          assert.ok(ratio >= 3, `--${name} on ${ground}: ${ratio.toFixed(2)}`);
        }
      }
    });
  });
}

describe("a colour of the theme", () => {
  it("has a part: letters, lines, a ground or an ornament", () => {
    const all = [...own.matchAll(/--([\w-]+):\s*(light-dark|#)/g)].map(([, name]) => name);
    const known = [...letters, ...lines, ...grounds, ...ornaments];
    assert.ok(all.length > 20);
    assert.deepEqual(
      all.filter((name) => !known.includes(name)),
      []
    );
  });
  it("is where a plot on a canvas takes its colours from", () => {
    const wild = filesIn("src/components", ".ts").flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\b(fillStyle|strokeStyle) = (?:[\w.]+ = )*["'`][^;\n]+/g)].map(
        ([line]) => `${file}: ${line}`
      )
    );
    assert.deepEqual(wild, []);
  });
  it("of ornaments bounds no control", () => {
    for (const [, selector, body] of sheets.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      if (/border[^;]*: [^;]*var\(--theme-foreground-faintest\)/.test(body))
        assert.doesNotMatch(selector, /\b(input|select|button|textarea|\.entry)/, selector.trim());
    }
  });
});
