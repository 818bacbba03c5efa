/** Puts many programs through a cell from within its page, which is faster than typing them. */
import type {Page} from "playwright-core";
import type {Program} from "./live-cell-corpus.js";

/** What a cell showed after a program. */
export interface Seen {
  outcome: string; // "done", "failed", "stopped", or "hangs"
  alert: string | null;
  shown: string; // the output's text
}

/** Runs the programs in one cell of the page, one after the other, and returns what is wrong, one sentence each. */
export async function drive(page: Page, programs: Program[]): Promise<string[]> {
  const plain = programs.map(({source, expect, wait = 0}) => ({source, wait, stop: expect === "stopped"}));
  const {seen, after} = await page.evaluate(inPage, plain);
  const faults = programs.flatMap((program, i) => wrongWith(program, seen[i]) ?? []);
  return after.length ? [...faults, ...after.map((what) => `after ${quoted(programs[0])} …: ${what}`)] : faults;
}

/** Says what of a program's end is not as expected, or null. */
export function wrongWith(program: Program, {outcome, alert, shown}: Seen): string | null {
  const {expect} = program;
  const got = `${quoted(program)}: ${outcome}, alert ${JSON.stringify(alert)}, output ${JSON.stringify(shown.slice(0, 200))}`;
  if (expect === "oracle") return `${got}, and nobody has asked the oracle`;
  if (expect === "stopped") return outcome === "stopped" ? null : `${got}; it should go on until Stop`;
  if ("value" in expect) {
    const good = typeof expect.value === "string" ? shown === expect.value : expect.value.test(shown);
    return outcome === "done" && alert === null && good ? null : `${got}; it should show ${String(expect.value)}`;
  }
  if ("either" in expect)
    return outcome === "done" || outcome === "stopped" || alert !== null ? null : `${got}; it should end somehow`;
  const {message, line} = expect;
  const [, at, text] = /^(?:Line (\d+): )?(.*)$/s.exec(alert ?? "")!;
  const lineIs = line === undefined || (line === null ? at === undefined : Number(at) === line);
  // "stopped": it went wrong in a callback while the run itself still waited.
  const ended = program.wait ? outcome === "done" : outcome === "failed" || outcome === "stopped";
  return ended && alert !== null && message.test(text) && lineIs ? null : `${got}; it should say ${message} at ${line}`;
}

function quoted({kind, source}: Program): string {
  return `${kind} ${JSON.stringify(source.length > 700 ? `${source.slice(0, 700)} …` : source)}`;
}

interface Session {
  defaultSource: string;
  runShared(source: string): Promise<string>;
  stop(): void;
  reset(): void;
}

// Runs in the page: what it uses must be inside.
async function inPage(
  programs: {source: string; wait: number; stop: boolean}[]
): Promise<{seen: Seen[]; after: string[]}> {
  const host = document.querySelector<HTMLElement & {open(focus: boolean): Promise<void>}>(
    'live-cell[name="expression"]'
  )!;
  const [later, promise] = [window.setTimeout.bind(window), Promise];
  const pause = (ms: number) => new promise<void>((resolve) => void later(resolve, ms));
  await host.open(false);
  const loaded = performance
    .getEntriesByType("resource")
    .find(({name}) => /\/live-cell\/session\.[\da-f]+\.js$/.test(name))!;
  const {sessions} = (await import(loaded.name)) as {sessions: Map<string, Session>};
  const session = () => sessions.get("expression")!;
  const engine = () => (globalThis as unknown as {_tfengine?: {memory(): {numTensors: number}}})._tfengine;
  const alertOf = () => host.querySelector<HTMLElement>("[role=alert]");
  const outputOf = () => host.querySelector<HTMLElement>(".live-cell-output")?.textContent ?? "";
  const native = () => host.querySelector<HTMLElement>(":scope > .observablehq--block:not(.live-cell-output)")!;
  const run = (source: string) => promise.race([session().runShared(source), pause(15_000).then(() => "hangs")]);
  const seen: Seen[] = [];
  const after: string[] = [];
  const settled = async () => {
    await host.open(false); // a cell that was moved is a closed one
    session().reset();
    for (let i = 0; i < 50 && !/1.*4.*9/s.test(native().textContent!); ++i) await pause(20);
  };
  await settled();
  const tensors = engine()?.memory().numTensors;
  for (const {source, wait, stop} of programs) {
    const end = run(source);
    if (stop) {
      await pause(120);
      session().stop();
    }
    const outcome = await end;
    if (wait) await pause(wait);
    await pause(0); // the alert comes a turn after the error
    const alert = alertOf();
    seen.push({outcome, alert: alert && !alert.hidden ? alert.textContent : null, shown: outputOf().slice(0, 20_000)});
    await settled();
  }
  // All is over: nothing is drawn any more, no tensor is left, and the page's own code works.
  await pause(50);
  let changes = 0;
  // The editor draws itself anew, in its own time, where its elements have been tampered with.
  const own = ({target}: MutationRecord) => !(target.parentElement ?? host).closest(".live-cell-editor");
  const observer = new MutationObserver((records) => (changes += records.filter(own).length));
  observer.observe(host, {subtree: true, childList: true, characterData: true});
  for (let i = 0; i < 5 && (i === 0 || changes > 0); ++i) {
    changes = 0; // what was on its way, on a busy machine; what goes on by itself changes again
    await pause(150);
  }
  observer.disconnect();
  if (changes) after.push(`the cell changed ${changes} times by itself`);
  if (!/1.*4.*9/s.test(native().textContent!) || native().hidden) after.push("the page’s own value is not back");
  if (tensors !== undefined && engine()!.memory().numTensors !== tensors)
    after.push(`there are ${engine()!.memory().numTensors} tensors, not ${tensors}`);
  const outcome = await run(session().defaultSource);
  if (outcome !== "done" || !/1.*4.*9/s.test(outputOf()))
    after.push(`the page’s own code ran to ${outcome}: ${outputOf()}`);
  await settled();
  return {seen, after};
}
