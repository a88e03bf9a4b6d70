/** The button that has it play: a press asks for an answer, and in the mode takeover it plays while it is held. */

import { byId } from "./element";

const HELD = "takeover";

export class AnswerButton {
  private readonly button = byId("answer", HTMLButtonElement);
  private plays = false;
  private holds = false;

  constructor(
    private readonly answer: () => void,
    private readonly hold: (on: boolean) => void,
  ) {
    this.button.addEventListener("click", () => !this.plays && this.answer());
    this.button.addEventListener("pointerdown", (event) => {
      this.button.setPointerCapture(event.pointerId);
      this.set(true);
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) this.button.addEventListener(end, () => this.set(false));
    this.button.addEventListener("keydown", (event) => isPress(event) && this.set(true));
    this.button.addEventListener("keyup", (event) => isPress(event) && this.set(false));
  }

  setMode(mode: unknown): void {
    this.set(false);
    this.plays = mode === HELD;
    this.button.textContent = this.plays ? "Hold to play" : "Answer now";
  }

  /** Let go: a page that nobody sees holds nothing. */
  lift(): void {
    this.set(false);
  }

  private set(on: boolean): void {
    if (!this.plays || on === this.holds) return;
    this.holds = on;
    this.button.setAttribute("aria-pressed", String(on));
    this.hold(on);
  }
}

function isPress(event: KeyboardEvent): boolean {
  return (event.key === " " || event.key === "Enter") && !event.repeat;
}
