/** A worker that takes a share of each training step of the digits. */
import {gradientWork} from "./digit-gradient-work.js";
import {answering} from "./worker-calls.js";
import {assertPolicy} from "./start-worker.js";

assertPolicy();

const take = answering(gradientWork(), (reply, transfer) => postMessage(reply, {transfer}));
addEventListener("message", ({data}: MessageEvent) => take(data));
