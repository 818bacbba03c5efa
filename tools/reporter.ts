/** A node:test reporter that runs inside each test file's process and sends what happened to tools/runner.ts. */
import {inspect} from "node:util";
import type {TestEvent} from "node:test/reporters";

/** What is sent: a test that begins to run, is about to be reported, or is reported with its result. */
export interface TestMessage {
  kind: "begin" | "start" | "end";
  name: string;
  file?: string; // where it was written
  nesting: number; // 0 for the outermost
  suite?: boolean; // a describe
  failed?: boolean;
  unrun?: string; // why it did not run: skipped, or to do
  childFailed?: boolean; // it failed only because a test within it did
  milliseconds?: number;
  error?: string;
}

// node's types know the reporter's events only by name.
interface EventData {
  name: string;
  file?: string;
  nesting: number;
  skip?: string | boolean;
  todo?: string | boolean;
  details?: {
    type?: string;
    duration_ms?: number;
    error?: {failureType?: string; cause?: unknown};
  };
}

/** What is sent at the end, when every test has been reported. A process that left early has not sent it. */
export interface DoneMessage {
  kind: "done";
}

/** What tools/test-group.ts sends of a file that cannot be loaded. */
export interface UnloadedMessage {
  kind: "unloaded";
  file: string; // its path
  error: string;
}

/** What a process of tests sends. */
export type ReporterMessage = TestMessage | DoneMessage | UnloadedMessage;

/** Sends what happens to the process that runs this one; writes nothing itself. */
export default async function* reporter(events: AsyncIterable<TestEvent>): AsyncGenerator<never, void> {
  for await (const {type, data} of events) {
    const message = toMessage(type, data as EventData);
    if (message) process.send?.(message);
  }
  process.send?.({kind: "done"} satisfies DoneMessage);
}

function toMessage(type: string, data: EventData): TestMessage | undefined {
  const {name, file, nesting, details} = data;
  if (type === "test:dequeue") return {kind: "begin", name, file, nesting};
  if (type === "test:start") return {kind: "start", name, file, nesting};
  if (type !== "test:pass" && type !== "test:fail") return;
  const failed = type === "test:fail";
  return {
    kind: "end",
    name,
    file,
    nesting,
    failed,
    suite: details?.type === "suite",
    unrun: unrun(data.skip, "skipped") ?? unrun(data.todo, "to do"),
    childFailed: details?.error?.failureType === "subtestsFailed",
    milliseconds: details?.duration_ms,
    error: failed ? inspect(details?.error?.cause ?? details?.error, {depth: 4}) : undefined
  };
}

function unrun(mark: string | boolean | undefined, word: string): string | undefined {
  if (mark === undefined || mark === false) return;
  return typeof mark === "string" && mark ? `${word}: ${mark}` : word;
}
