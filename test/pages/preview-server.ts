/** A preview in a process of its own, since Framework may leave watchers of files open: root and config as arguments. */
import type {AddressInfo} from "node:net";
import {startPreview} from "../../tools/preview.js";

const [root, config] = process.argv.slice(2);
const server = await startPreview({port: 0, verbose: false, root, config});
process.send?.((server.address() as AddressInfo).port);
