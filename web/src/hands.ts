/**
 * What the player does, wherever it comes from: fingers on the screen, the computer's keys, a MIDI keyboard at the
 * browser. Two of them may hold the same key; it is released with the last. This module makes no sound.
 */

import type { Pitch } from "./protocol";

export interface Listener {
  press(pitch: Pitch, velocity: number): void;
  release(pitch: Pitch): void;
  pedal(value: number): void;
}

export class Hands {
  private readonly holders = new Map<Pitch, Set<string>>();
  private pedals = new Set<string>();

  constructor(private readonly listener: Listener) {}

  get pedalIsDown(): boolean {
    return this.pedals.size > 0;
  }

  /** @param finger names who holds the key, such as "pointer 3". */
  press(finger: string, pitch: Pitch, velocity: number): void {
    if (pitch < 0 || pitch > 127) return;
    const holders = this.holders.get(pitch) ?? new Set();
    if (holders.has(finger)) return;
    holders.add(finger);
    this.holders.set(pitch, holders);
    this.listener.press(pitch, Math.min(127, Math.max(1, Math.round(velocity))));
  }

  release(finger: string, pitch: Pitch): void {
    const holders = this.holders.get(pitch);
    if (!holders?.delete(finger) || holders.size > 0) return;
    this.holders.delete(pitch);
    this.listener.release(pitch);
  }

  /** Hold the sustain pedal down, or let go of it. */
  pedal(foot: string, down: boolean): void {
    const before = this.pedalIsDown;
    if (down) this.pedals.add(foot);
    else this.pedals.delete(foot);
    if (this.pedalIsDown !== before) this.listener.pedal(this.pedalIsDown ? 127 : 0);
  }

  /** Let go of everything that a source holds, or of everything there is. */
  lift(source = ""): void {
    for (const [pitch, holders] of [...this.holders]) {
      for (const finger of [...holders]) if (finger.startsWith(source)) this.release(finger, pitch);
    }
    for (const foot of [...this.pedals]) if (foot.startsWith(source)) this.pedal(foot, false);
  }
}
