/** One recorded session in the page: heard from any point, downloaded, and continued from there. */

import { element } from "./element";
import { type Instrument, notesOf, Playback, type RecordedNote } from "./playback";
import type { SessionNotes } from "./protocol";
import { drawSession } from "./session-picture";

/** Minutes and seconds, such as "1:05". */
export function durationInWords(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export class SessionPlayer {
  readonly parts: HTMLElement[];
  private readonly notes: RecordedNote[];
  private readonly playback: Playback;
  private readonly canvas = element("canvas", { "aria-hidden": "true" });
  private readonly time = element("output", { class: "time" });
  private readonly button = element("button", { type: "button" }, "Play");
  private readonly point: HTMLInputElement;

  /** @param onContinue is called with the point from which it is to be continued, in seconds. */
  constructor(session: SessionNotes, instrument: Instrument, onContinue: (at: number) => void) {
    this.notes = notesOf(session);
    this.playback = new Playback(this.notes, instrument);
    const range = { type: "range", min: 0, max: Math.max(0.1, this.playback.end), step: 0.1, value: 0 };
    this.point = element("input", { ...range, "aria-label": "Point in the session", input: () => this.moved() });
    this.button.addEventListener("click", () => (this.playback.isPlaying ? this.stop() : this.play()));
    const goOn = element("button", { type: "button", class: "it" }, "Continue from here");
    goOn.addEventListener("click", () => {
      this.stop();
      // From its beginning there is nothing to go on from: then its end is meant.
      onContinue(this.point.valueAsNumber || this.playback.end);
    });
    const download = element("a", { href: `/api/sessions/${session.id}.mid`, download: true, class: "button" }, "Download");
    const actions = element("div", { class: "actions" }, this.button, goOn, download, this.time);
    this.parts = [this.canvas, this.point, actions];
    requestAnimationFrame(() => this.draw(0));
  }

  stop(): void {
    this.playback.stop();
    this.draw(this.point.valueAsNumber);
  }

  private play(): void {
    const at = this.point.valueAsNumber >= this.playback.end - 0.1 ? 0 : this.point.valueAsNumber;
    this.playback.play(at, performance.now() / 1000);
    this.follow();
  }

  private follow(): void {
    if (!this.playback.isPlaying) return;
    this.draw(this.playback.advance(performance.now() / 1000));
    requestAnimationFrame(() => this.follow());
  }

  private moved(): void {
    const wasPlaying = this.playback.isPlaying;
    this.stop();
    if (wasPlaying) this.play();
  }

  private draw(at: number): void {
    this.point.value = String(at);
    this.point.style.setProperty("--fill", `${(100 * at) / Math.max(0.1, this.playback.end)}%`);
    this.time.value = `${durationInWords(at)} of ${durationInWords(this.playback.end)}`;
    this.point.setAttribute("aria-valuetext", this.time.value);
    this.button.textContent = this.playback.isPlaying ? "Stop" : "Play";
    drawSession(this.canvas, this.notes, this.playback.end, at);
  }
}
