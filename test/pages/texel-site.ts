/** A page with kernels on texels, to be asked for what they compute. */
import assert from "node:assert/strict";
import type {BackendName} from "../../lib/tf.js";
import type {Lab} from "./lab.js";
import {openBundle, openLab} from "./lab.js";
import {openBrowser} from "./site.js";
import type * as digits from "./texel-page.js";
import type * as points from "./texel-points-page.js";

export interface TexelSite extends Lab<typeof digits & typeof points> {
  said: [number, number][]; // how many kernels were compiled of how many, each time that it was told
}

/** Bundles a page, opens it for the tests of a file and starts a backend with all its kernels. */
export async function openTexelSite(backend: BackendName, name = "texel-page.ts"): Promise<TexelSite> {
  const [{url}, browser] = await Promise.all([openBundle(name), openBrowser()]);
  const lab = await openLab<typeof digits & typeof points>(browser, url, /^/); // a lost card complains
  const {said, problem} = await lab.ask("start", backend);
  assert.equal(problem, undefined, `${backend} does not start here`);
  return {...lab, said};
}

/** Fails where numbers are further apart than they may be. */
export function assertNear(apart: Record<string, number>, most: number, what: string): void {
  for (const [name, value] of Object.entries(apart)) {
    assert.ok(value <= most, `${what}: ${name} is ${value} of its size away from what tfjs's own operations give`);
  }
}
