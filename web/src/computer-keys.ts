/** The computer's keyboard as two rows of piano keys, wherever its letters are; Space is the sustain pedal. */

import type { Hands } from "./hands";
import type { Pitch } from "./protocol";

const LOWER_ROW = "KeyZ KeyS KeyX KeyD KeyC KeyV KeyG KeyB KeyH KeyN KeyJ KeyM".split(" ");
const UPPER_ROW =
  "KeyQ Digit2 KeyW Digit3 KeyE KeyR Digit5 KeyT Digit6 KeyY Digit7 KeyU KeyI Digit9 KeyO Digit0 KeyP".split(" ");
const [OCTAVE_DOWN, OCTAVE_UP] = ["BracketLeft", "BracketRight"];

/** How loud its keys are, which cannot tell how hard they are hit; with Shift they are louder. */
const [VELOCITY, LOUD_VELOCITY] = [78, 108];

/** What each key plays, in semitones above the first. */
export const SEMITONES: ReadonlyMap<string, number> = new Map(
  [...LOWER_ROW, ...UPPER_ROW].map((code, semitone) => [code, semitone]),
);

export class ComputerKeys {
  /** What the first of them plays. */
  base: Pitch = 48;
  private letters: ReadonlyMap<string, string> | undefined;
  private readonly held = new Map<string, Pitch>();

  /** @param onMove is called when the keys play other notes than before. */
  constructor(
    private readonly hands: Hands,
    private readonly onMove: () => void,
  ) {
    addEventListener("keydown", (event) => this.down(event));
    addEventListener("keyup", (event) => this.up(event));
    addEventListener("blur", () => this.lift());
    // Space is the pedal again after a click with the mouse, not that button once more.
    addEventListener("click", (event) => {
      if (event instanceof PointerEvent && event.pointerType === "mouse" && isControl(event.target)) event.target.blur();
    });
    void this.learnLetters();
  }

  /** The letter that plays each note, as it stands on this keyboard. */
  get hints(): Map<Pitch, string> {
    const hint = (code: string): string => this.letters?.get(code)?.toUpperCase() ?? code.replace(/Key|Digit/, "");
    return new Map([...SEMITONES].map(([code, semitone]) => [this.base + semitone, hint(code)]));
  }

  /** Play from another C on. */
  moveTo(base: Pitch): void {
    this.base = Math.min(84, Math.max(24, base));
    this.onMove();
  }

  private down(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isWriting(event.target)) return;
    const semitone = SEMITONES.get(event.code);
    if (semitone !== undefined) this.press(event.code, this.base + semitone, event.shiftKey);
    else if (event.code === OCTAVE_DOWN) this.moveTo(this.base - 12);
    else if (event.code === OCTAVE_UP) this.moveTo(this.base + 12);
    else if (event.code === "Space" && !isControl(event.target)) {
      event.preventDefault();
      this.hands.pedal("computer", true);
    }
  }

  private press(code: string, pitch: Pitch, isLoud: boolean): void {
    this.held.set(code, pitch);
    this.hands.press(`computer ${code}`, pitch, isLoud ? LOUD_VELOCITY : VELOCITY);
  }

  private up(event: KeyboardEvent): void {
    const pitch = this.held.get(event.code);
    if (pitch !== undefined) this.hands.release(`computer ${event.code}`, pitch);
    this.held.delete(event.code);
    if (event.code === "Space") this.hands.pedal("computer", false);
  }

  private lift(): void {
    this.held.clear();
    this.hands.lift("computer");
  }

  private async learnLetters(): Promise<void> {
    const { keyboard } = navigator as { keyboard?: { getLayoutMap?(): Promise<ReadonlyMap<string, string>> } };
    this.letters = await keyboard?.getLayoutMap?.().catch(() => undefined);
    if (this.letters) this.onMove();
  }
}

/** Whether somebody is at a field that takes letters. */
function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=range], [type=checkbox], [type=radio]), select, textarea");
}

/** Whether Space means something where the focus is. */
function isControl(target: EventTarget | null): target is HTMLElement {
  return target instanceof HTMLElement && target.matches("button, input:not([type=range]), select, textarea, a, summary");
}
