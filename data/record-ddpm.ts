/**
 * npx tsx data/record-ddpm.ts: measures DDPM with the exact denoiser for /ddpm, over eight seeds each: with both variances
 * and without noise; with and without clipping, for data inside and outside of the box and a denoiser with an error; and
 * from a chain that is too short. Writes src/data/ddpm.json; goes on after a stop.
 */
import {chainRuns, clipRuns, noiseRuns} from "../lib/ddpm-record.js";
import type {Spread} from "../lib/ddpm-record.js";
import {resumable} from "./resumable.js";

const settings = {points: 1000, seeds: 8, schedule: "linear", clipSchedule: "cosine"} as const;
const tables = {...noiseRuns(settings), ...clipRuns(settings), ...chainRuns(settings)};

const {value, once} = await resumable("ddpm", {settings, cells: {} as Record<string, Record<string, Spread>>});
for (const [name, measure] of Object.entries(tables)) await once(value.cells, name, measure);
