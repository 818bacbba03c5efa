/** The worker that a bench measures in, so that the page stays smooth. */
import {benchWork} from "../lib/bench/bench-work.js";
import type {BenchCalls} from "../lib/bench/bench-work.js";
import {answering} from "./worker-calls.js";
import {assertPolicy} from "./start-worker.js";

assertPolicy();

const take = answering<BenchCalls>(benchWork(), (reply, transfer) => postMessage(reply, {transfer}));
addEventListener("message", ({data}: MessageEvent) => take(data));
