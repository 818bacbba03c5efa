import {startBackend} from "../lib/backend.js";
import type {PointNetwork} from "../lib/point-network.js";
import {createPointNetwork} from "../lib/point-network.js";
import {backendNames} from "../lib/tf.js";
import type {StoredNetwork} from "./network-store.js";

/** A stored network on a running backend: the one of tfjs that it was trained on, or the next that starts. */
export async function startNetwork(
  stored: StoredNetwork
): Promise<{network: PointNetwork; backend: string; dispose: () => void}> {
  const {name} = await startBackend(backendNames.find((known) => known === stored.backend) ?? "wasm");
  const {width, prediction, timesteps} = stored.weights;
  const network = createPointNetwork({width, prediction, timesteps});
  network.load(stored.weights);
  return {network, backend: name, dispose: () => network.dispose()};
}
