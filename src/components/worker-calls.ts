import {inWords, isLoadFailure} from "./load-failure.js";
import type {Failure} from "./travel.js";
import {buffersOf, toError, toFailure} from "./travel.js";

// Calls from a page to a worker of its own: each has a name, is sent something, and is answered.

/** The calls that a worker answers: what each is sent, and what it is answered. */
export type Calls = Record<string, [content: unknown, answer: unknown]>;

interface Request<T extends Calls> {
  id: number;
  task: keyof T & string;
  content: unknown;
}

type Reply = {id: number; answer: unknown} | {id: number; failure: Failure};

/** What answers in the worker, one function a call. */
export type Answers<T extends Calls> = {[K in keyof T]: (content: T[K][0]) => T[K][1] | Promise<T[K][1]>};

/** The worker's side: a function that takes a message and posts its answer, in the order of the messages. */
export function answering<T extends Calls>(
  answers: Answers<T>,
  post: (reply: unknown, transfer: ArrayBuffer[]) => void
): (message: unknown) => void {
  let turn: Promise<void> = Promise.resolve();
  return (message) => {
    const {id, task, content} = message as Request<T>;
    turn = turn.then(async () => {
      try {
        const answer = await answers[task](content as T[typeof task][0]);
        post({id, answer} satisfies Reply, buffersOf(answer));
      } catch (error) {
        post({id, failure: toFailure(error)} satisfies Reply, []);
      }
    });
  };
}

/** The part of a Worker that is used. */
export type WorkerLike = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror" | "onmessageerror">;

/** The page's side. */
export interface WorkerCalls<T extends Calls> {
  /** Calls the worker, which is started when first needed. Rejects with its error, or with WorkerStopped. */
  ask<K extends keyof T & string>(task: K, content: T[K][0]): Promise<T[K][1]>;
  /** Ends the worker; calls that wait are rejected with WorkerStopped. The next call starts another. */
  end(): void;
}

/** Says that a worker stopped in the middle of work, and that what it had in memory is gone. */
export class WorkerStopped extends Error {
  override name = "WorkerStopped";
}

/** Prepares to call a worker that `spawn` makes; `onStop` hears when one is gone. */
export function workerCalls<T extends Calls>(spawn: () => WorkerLike, onStop?: () => void): WorkerCalls<T> {
  let worker: WorkerLike | undefined;
  let calls = 0;
  const waiting = new Map<number, {resolve: (answer: never) => void; reject: (error: unknown) => void}>();
  return {
    ask(task, content) {
      const to = (worker ??= start());
      const id = ++calls;
      return new Promise((resolve, reject) => {
        waiting.set(id, {resolve, reject});
        to.postMessage({id, task, content} satisfies Request<T>); // not handed over: the page goes on with it
      });
    },
    end: () => stop("it was ended")
  };

  function start(): WorkerLike {
    const own = spawn();
    own.onmessage = ({data}: MessageEvent<Reply>) => {
      const call = waiting.get(data.id);
      waiting.delete(data.id);
      if ("failure" in data) call?.reject(toError(data.failure));
      else call?.resolve(data.answer as never);
    };
    own.onerror = (event) => {
      event.preventDefault?.();
      if (own === worker) stop(event.message || "it could not be loaded");
    };
    own.onmessageerror = () => own === worker && stop("an answer could not be read");
    return own;
  }

  function stop(why: string): void {
    worker?.terminate();
    worker = undefined;
    const left = [...waiting.values()];
    waiting.clear();
    onStop?.();
    const text = isLoadFailure(why)
      ? inWords(why)
      : `The worker that computes stopped (${why}), and what it had in memory is gone.`;
    for (const {reject} of left) reject(new WorkerStopped(text));
  }
}
