import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {ESLint} from "eslint";
import tseslint from "typescript-eslint";

// Without the rules that need types, which would take ten seconds to read them.
const untyped = {
  languageOptions: {parserOptions: {projectService: false}},
  rules: tseslint.configs.disableTypeChecked.rules
};
const eslint = new ESLint({cwd: fileURLToPath(new URL("../..", import.meta.url)), overrideConfig: untyped});

/** Returns what the house's rules say of a text if it stood in the file (which must exist). */
async function complaints(file: string, text: string): Promise<string[]> {
  const [{messages}] = await eslint.lintText(text, {filePath: file});
  return messages.map(({ruleId, message}) => `${ruleId}: ${message}`);
}

const bans: [file: string, text: string, complaint: RegExp][] = [
  ["lib/schedule.ts", `export const x = document.title;`, /no-restricted-globals: .*'document'/],
  ["lib/schedule.ts", `export const x = window.innerWidth;`, /no-restricted-globals: .*'window'/],
  ["lib/schedule.ts", `export * from "d3-scale";`, /lib is for any project/],
  ["lib/schedule.ts", `export * from "../src/components/chart.js";`, /lib is for any project/],
  ["lib/schedule.ts", `export * from "node:fs";`, /lib is for any project/],
  ["lib/schedule.ts", `export const x = Math.random();`, /takes a seed/],
  ["lib/schedule.ts", `export * from "@tensorflow/tfjs-core";`, /tfjs comes through lib\/tf\.ts alone/],
  ["lib/schedule.ts", `export * from "./vendor/tf.js";`, /tfjs comes through lib\/tf\.ts alone/],
  ["lib/schedule.ts", `export const x = import("./vendor/tf-cpu.js");`, /tfjs comes through lib\/tf\.ts alone/],
  ["lib/random.ts", `export * from "d3-random";`, /lib is for any project/],
  ["lib/tf.ts", `export * from "d3-scale";`, /lib is for any project/],
  ["lib/tf.ts", `export const x = Math.random();`, /takes a seed/],
  ["src/components/chart.ts", `export * from "npm:d3";`, /Nothing comes from another host/],
  ["src/components/chart.ts", `export const x = import("https://esm.sh/d3");`, /Nothing comes from another host/],
  ["src/components/chart.ts", `export * from "../../tools/serve.js";`, /a page, a tool or Node/],
  ["src/components/chart.ts", `export * from "../index.md";`, /a page, a tool or Node/],
  ["src/components/chart.ts", `export * from "@tensorflow/tfjs-core";`, /tfjs comes through/],
  ["src/components/chart.ts", `export const x = Math.random();`, /takes a seed/],
  ["tools/serve.ts", `export const x = Math.random();`, /takes a seed/],
  ["tools/bundle-tfjs.ts", `export * from "npm:@tensorflow/tfjs";`, /Nothing comes from another host/],
  ["tools/serve.ts", `export const x = 1 as any;`, /no-explicit-any/],
  ["tools/serve.ts", `\n`.repeat(301), /max-lines/]
];

const permits: [file: string, text: string][] = [
  ["lib/random.ts", `export const x = Math.random();`],
  ["lib/tf.ts", `export * from "./vendor/tf.js";`],
  ["lib/schedule.ts", `export * from "./random.js";\nexport * from "./points/index.js";\nexport * from "./tf.js";`],
  ["tools/bundle-tfjs.ts", `export * from "@tensorflow/tfjs-core";`],
  [
    "src/components/chart.ts",
    `export * from "d3-scale";\nexport * from "../lib/schedule.js";\nexport * from "./plane.js";`
  ],
  ["src/components/chart.ts", `export const x = document.title;`]
];

describe("the rules of the house refuse", () => {
  for (const [file, text, complaint] of bans) {
    it(`${text.trim().slice(0, 60) || "301 lines"} in ${file}`, async () => {
      const found = await complaints(file, text);
      assert.ok(
        found.some((line) => complaint.test(line)),
        `they say only: ${found.join("; ") || "nothing"}`
      );
    });
  }
});

describe("the rules of the house allow", () => {
  for (const [file, text] of permits) {
    it(`${text.split("\n")[0]} in ${file}`, async () => assert.deepEqual(await complaints(file, text), []));
  }
});
