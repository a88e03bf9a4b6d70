/** The keyboard on the screen: several fingers at once, sliding from key to key, or the arrow keys and Enter. */

import { element } from "./element";
import type { Hands } from "./hands";
import { type Key, keyAt, keysOf, nameOf, type Range, rangeWithin, velocityAt } from "./keyboard-layout";
import type { Pitch, Player } from "./protocol";

/** The narrowest white key, in pixels: for a finger, and for a mouse. */
const NARROWEST = { finger: 26, mouse: 13 };
/** How loud a key is that is played with Enter. */
const ENTER_VELOCITY = 84;

export class Piano {
  range: Range = { lowest: 48, highest: 72 };
  keys: Key[] = [];
  private readonly buttons = new Map<Pitch, HTMLButtonElement>();
  private readonly fingers = new Map<number, Pitch>();
  private readonly lit: Record<Player, Set<Pitch>> = { you: new Set(), it: new Set() };
  private expected = new Map<Pitch, number>();
  private hints = new Map<Pitch, string>();
  private focused: Pitch = 60;

  /** @param onRange is called when another part of the piano is shown. */
  constructor(
    private readonly place: HTMLElement,
    private readonly hands: Hands,
    private readonly onRange: () => void,
  ) {
    place.addEventListener("pointerdown", (event) => this.touch(event));
    place.addEventListener("pointermove", (event) => this.slide(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      place.addEventListener(end, (event) => this.lift(event));
    }
    place.addEventListener("contextmenu", (event) => event.preventDefault());
    place.addEventListener("keydown", (event) => this.keyDown(event));
    place.addEventListener("keyup", (event) => this.keyUp(event));
    place.addEventListener("focusout", () => hands.lift("enter"));
    new ResizeObserver(() => this.show(this.range.lowest)).observe(place);
  }

  /** Show the part of the piano that begins at a C, as much of it as there is room for. */
  show(lowest: Pitch): void {
    const narrowest = matchMedia("(pointer: coarse)").matches ? NARROWEST.finger : NARROWEST.mouse;
    const range = rangeWithin(this.place.clientWidth, narrowest, lowest);
    if (this.keys.length > 0 && range.lowest === this.range.lowest && range.highest === this.range.highest) return;
    this.hands.lift("pointer");
    this.range = range;
    this.keys = keysOf(range);
    this.draw();
    this.onRange();
  }

  /** Light a key for who plays it, or put its light out. */
  light(player: Player, pitch: Pitch, isOn: boolean): void {
    if (isOn) this.lit[player].add(pitch);
    else this.lit[player].delete(pitch);
    this.buttons.get(pitch)?.classList.toggle(player, isOn);
  }

  darken(): void {
    for (const player of ["you", "it"] as const) {
      for (const pitch of [...this.lit[player]]) this.light(player, pitch, false);
    }
    this.expect([]);
  }

  /** Let keys glow, the more the likelier they are. */
  expect(pitches: [pitch: Pitch, probability: number][]): void {
    const before = this.expected;
    this.expected = new Map(pitches);
    for (const pitch of new Set([...before.keys(), ...this.expected.keys()])) this.glow(pitch);
  }

  /** Write on keys what plays them on the computer's keyboard. */
  hint(hints: Map<Pitch, string>): void {
    this.hints = hints;
    for (const [pitch, button] of this.buttons) button.dataset.hint = hints.get(pitch) ?? "";
  }

  private draw(): void {
    this.buttons.clear();
    if (this.focused < this.range.lowest || this.focused > this.range.highest) this.focused = this.range.lowest;
    this.place.replaceChildren(...this.keys.map((key) => this.button(key)));
    for (const player of ["you", "it"] as const) {
      for (const pitch of this.lit[player]) this.light(player, pitch, true);
    }
    for (const pitch of this.expected.keys()) this.glow(pitch);
  }

  private button(key: Key): HTMLButtonElement {
    const button = element("button", {
      type: "button",
      class: `key ${key.black ? "black" : "white"}`,
      "aria-label": nameOf(key.pitch),
      "data-pitch": key.pitch,
      "data-hint": this.hints.get(key.pitch) ?? "",
      "data-name": key.pitch % 12 === 0 ? `C${key.pitch / 12 - 1}` : "",
      tabindex: key.pitch === this.focused ? 0 : -1,
    });
    button.style.setProperty("--left", `${key.left * 100}%`);
    button.style.setProperty("--width", `${key.width * 100}%`);
    this.buttons.set(key.pitch, button);
    return button;
  }

  private glow(pitch: Pitch): void {
    this.buttons.get(pitch)?.style.setProperty("--expected", (this.expected.get(pitch) ?? 0).toFixed(3));
  }

  private under(event: PointerEvent): { key: Key; velocity: number } | undefined {
    const box = this.place.getBoundingClientRect();
    const y = (event.clientY - box.top) / box.height;
    const key = keyAt(this.keys, (event.clientX - box.left) / box.width, y);
    return key && { key, velocity: velocityAt(key, y) };
  }

  private touch(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.place.setPointerCapture(event.pointerId);
    this.moveTo(event, this.under(event));
  }

  private slide(event: PointerEvent): void {
    if (this.fingers.has(event.pointerId)) this.moveTo(event, this.under(event));
  }

  private moveTo(event: PointerEvent, to: { key: Key; velocity: number } | undefined): void {
    if (!to || to.key.pitch === this.fingers.get(event.pointerId)) return;
    this.lift(event);
    this.fingers.set(event.pointerId, to.key.pitch);
    this.hands.press(`pointer ${event.pointerId}`, to.key.pitch, to.velocity);
  }

  private lift(event: PointerEvent): void {
    const pitch = this.fingers.get(event.pointerId);
    this.fingers.delete(event.pointerId);
    if (pitch !== undefined) this.hands.release(`pointer ${event.pointerId}`, pitch);
  }

  private keyDown(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -12, ArrowUp: 12 }[event.key];
    if (step !== undefined) this.focus(this.focused + step);
    else if (event.key === "Enter" || event.key === " ") this.hands.press("enter", this.focused, ENTER_VELOCITY);
    else return;
    event.preventDefault();
  }

  private keyUp(event: KeyboardEvent): void {
    if (event.key === "Enter" || event.key === " ") this.hands.release("enter", this.focused);
  }

  private focus(pitch: Pitch): void {
    const next = this.buttons.get(pitch);
    if (!next) return;
    this.hands.lift("enter");
    this.buttons.get(this.focused)?.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    this.focused = pitch;
    next.focus();
  }
}
