/** The worker that trains networks of points on our kernels, so that the page stays smooth. */
import {pointWork} from "./point-work.js";
import {answering} from "./worker-calls.js";
import {assertPolicy} from "./start-worker.js";

assertPolicy();

const take = answering(pointWork(), (reply, transfer) => postMessage(reply, {transfer}));
addEventListener("message", ({data}: MessageEvent) => take(data));
