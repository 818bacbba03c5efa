/** The worker of the digits: all that takes long happens here, so that the page stays smooth. */
import type {Request} from "./digit-messages.js";
import {digitTools} from "./digit-tools.js";
import {digitWorkplace} from "./digit-workplace.js";
import {assertPolicy} from "./start-worker.js";

assertPolicy();

const receive = digitWorkplace(digitTools, (reply, transfer) => postMessage(reply, {transfer}));
addEventListener("message", ({data}: MessageEvent<Request>) => receive(data));
