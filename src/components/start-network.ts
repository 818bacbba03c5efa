import {startBackend} from "../lib/backend.js";
import type {PointNetwork} from "../lib/point-network.js";
import {createPointNetwork} from "../lib/point-network.js";
import type {StoredNetwork} from "./network-store.js";

/** A stored network on a running backend: the one it was trained on, or the next that starts. */
export async function startNetwork(
  stored: StoredNetwork
): Promise<{network: PointNetwork; backend: string; dispose: () => void}> {
  const {name} = await startBackend(stored.backend);
  const {width, prediction, timesteps} = stored.weights;
  const network = createPointNetwork({width, prediction, timesteps});
  network.load(stored.weights);
  return {network, backend: name, dispose: () => network.dispose()};
}
