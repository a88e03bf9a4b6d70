/** The whole piano in small, where only a part of it fits: says which part is at hand, and moves it. */

import { byId } from "./element";
import { keysOf, nameOf, type Range, WHOLE } from "./keyboard-layout";
import type { Pitch } from "./protocol";

const KEYS = new Map(keysOf(WHOLE).map((key) => [key.pitch, key]));

export class RangeStrip {
  private readonly strip = byId("strip", HTMLElement);
  private readonly frame = byId("strip-frame", HTMLElement);

  /** @param onMove is called with the note that is to be the lowest at hand. */
  constructor(private readonly onMove: (lowest: Pitch) => void) {
    const drag = (event: PointerEvent): void => {
      if (event.buttons > 0) this.moveTo(event.clientX);
    };
    this.strip.addEventListener("pointerdown", (event) => {
      this.strip.setPointerCapture(event.pointerId);
      drag(event);
    });
    this.strip.addEventListener("pointermove", drag);
    this.strip.addEventListener("keydown", (event) => this.step(event));
  }

  show({ lowest, highest }: Range): void {
    const [first, last] = [KEYS.get(lowest), KEYS.get(highest)];
    if (!first || !last) return;
    this.strip.hidden = lowest === WHOLE.lowest;
    this.frame.style.setProperty("--left", `${first.left * 100}%`);
    this.frame.style.setProperty("--width", `${(last.left + last.width - first.left) * 100}%`);
    this.strip.dataset.lowest = String(lowest);
    this.strip.setAttribute("aria-valuenow", String(lowest));
    this.strip.setAttribute("aria-valuetext", `${nameOf(lowest)} to ${nameOf(highest)}`);
  }

  private moveTo(x: number): void {
    const box = this.strip.getBoundingClientRect();
    const middle = (x - box.left - this.frame.clientWidth / 2) / box.width;
    const white = [...KEYS.values()].filter((key) => !key.black).find((key) => key.left + key.width > middle);
    if (white) this.onMove(Math.round((white.pitch - 4) / 12) * 12);
  }

  private step(event: KeyboardEvent): void {
    const step = { ArrowLeft: -12, ArrowDown: -12, ArrowRight: 12, ArrowUp: 12 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.onMove(Number(this.strip.dataset.lowest) + step);
  }
}
