import {button, buttonRow, controls, slider} from "./controls.js";
import {element} from "./element.js";
import {onVisible, prefersReducedMotion} from "./lifetime.js";

export interface PlayerOptions {
  /** Number of steps; positions run from 0 to it. */
  steps: number;
  position?: number; // defaults to 0
  /** Seconds that a whole run takes, whatever its number of steps; defaults to 6. */
  duration?: number;
  /** How many steps Step takes, and a reader who asked for less motion sees at once; defaults to 1. */
  stride?: number;
  /** Called with the position whenever it changes; it is fractional while playing, whole otherwise. */
  onPosition: (position: number, playing: boolean) => void;
  /** How a position reads, e.g. `step 12 of 50`. */
  format: (position: number) => string;
  signal: AbortSignal;
  /** More buttons, on the same line. */
  extra?: HTMLElement[];
}

/** Play, pause, step and scrub. Motion happens only when the reader asks, and stops when the player leaves the view. */
export interface Player extends HTMLElement {
  position: number; // setting it moves there and pauses; where it is already, it is shown anew and plays on
  steps: number; // setting it keeps the position where it can
  play(): void;
  pause(): void;
}

export function player(options: PlayerOptions): Player {
  const {onPosition, signal, duration = 6, stride = 1} = options;
  let steps = options.steps;
  let position = options.position ?? 0;
  let playing = 0; // the id of the animation frame
  let last = 0;
  let startedAt = 0; // of the last play
  const toggle = button("Play", () => (playing ? pause() : play()), {primary: true});
  const after = (from: number) => Math.min(steps, (Math.floor(from / stride) + 1) * stride);
  const step = button("Step", () => move(position >= steps ? 0 : after(position)));
  const time = slider({
    name: "time",
    max: steps,
    step: 1,
    value: position,
    wide: true,
    format: (v) => options.format(v)
  });
  time.addEventListener("input", () => move(time.value));

  function show(next: number): void {
    position = next;
    time.value = Math.round(next);
    onPosition(position, playing > 0);
  }

  function move(next: number): void {
    pause();
    show(next);
  }

  function tick(now: number): void {
    // A reader who asked for less motion still gets every state, one whole step at a time and slowly.
    const calm = prefersReducedMotion();
    const seconds = Math.max(0, now - last) / 1000; // a frame's time is its beginning: it may be before the press
    const next = calm ? after(position) : position + (seconds * steps) / duration;
    if (!calm || seconds > Math.max(0.5, (duration * stride) / steps)) {
      last = now;
      if (next >= steps) return move(steps);
      show(next);
    }
    playing = requestAnimationFrame(tick);
  }

  function play(): void {
    if (playing || signal.aborted) return;
    if (position >= steps) position = 0;
    last = startedAt = performance.now();
    playing = requestAnimationFrame(tick);
    toggle.textContent = "Pause";
  }

  function pause(): void {
    if (!playing) return;
    cancelAnimationFrame(playing);
    playing = 0;
    toggle.textContent = "Play";
    show(Math.round(position));
  }

  const root = element(
    "div",
    {class: "player"},
    controls(buttonRow(toggle, step, ...(options.extra ?? [])), time)
  ) as unknown as Player;
  Object.defineProperties(root, {
    position: {
      get: () => position,
      set(next: number) {
        if (playing && next === position) onPosition(position, true);
        else move(next);
      }
    },
    steps: {
      get: () => steps,
      set(next: number) {
        steps = time.max = next;
        if (position > steps) move(steps);
      }
    }
  });
  // A report may be from before a reader has scrolled here and pressed: only what was seen later pauses.
  onVisible(root, (visible, at) => !visible && at > startedAt && pause(), signal);
  signal.addEventListener("abort", pause);
  return Object.assign(root, {play, pause});
}
