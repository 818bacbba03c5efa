/** The main module of a process that runs several test files, which its arguments name: see tools/runner.ts. */
import {pathToFileURL} from "node:url";
import {inspect} from "node:util";
import type {UnloadedMessage} from "./reporter.js";

for (const path of process.argv.slice(2)) {
  try {
    await import(pathToFileURL(path).href);
  } catch (error) {
    process.exitCode = 1;
    process.send?.({
      kind: "unloaded",
      file: path,
      error: inspect(error)
    } satisfies UnloadedMessage);
  }
}
