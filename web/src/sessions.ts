/** What was recorded: heard again in the page, downloaded, and continued from any point. */

import { byId, element } from "./element";
import { type Instrument, notesOf, Playback } from "./playback";
import { drawSession } from "./session-picture";
import type { Session, SessionNotes } from "./protocol";

export interface Archive {
  list(): Promise<Session[]>;
  notes(id: string): Promise<SessionNotes>;
  /** @throws Error: it was refused; the sentence says why. */
  continueFrom(id: string, at: number): Promise<void>;
}

/** How much of a session is heard before the point from which it is continued, when that point is its end. */
export function durationInWords(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export class Sessions {
  private readonly place = byId("session-list", HTMLElement);
  private open: { id: string; playback: Playback; stop(): void } | undefined;

  constructor(
    private readonly archive: Archive,
    private readonly instrument: Instrument,
    private readonly onRefused: (sentence: string) => void,
  ) {}

  /** Read the list anew. */
  async refresh(): Promise<void> {
    try {
      const sessions = await this.archive.list();
      const nothing = element("li", { class: "nothing" }, "Nothing yet. Whatever is played is kept, and is listed here.");
      this.open?.stop();
      this.open = undefined;
      this.place.replaceChildren(...(sessions.length > 0 ? sessions.map((session) => this.row(session)) : [nothing]));
    } catch (error) {
      this.onRefused((error as Error).message);
    }
  }

  private row(session: Session): HTMLElement {
    const began = new Date(session.began);
    const when = began.toLocaleString(undefined, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    const what = `${durationInWords(session.seconds)} · ${session.heard} notes of yours, ${session.played} of its own`;
    const details = element("div", { class: "player", hidden: true });
    const opener = element("button", { type: "button", class: "session", "aria-expanded": "false" },
      element("span", { class: "when" }, session.is_going_on ? "This session" : when),
      element("span", { class: "what" }, what)); // prettier-ignore
    opener.addEventListener("click", () => void this.toggle(session, opener, details));
    return element("li", {}, opener, details);
  }

  private async toggle(session: Session, opener: HTMLElement, place: HTMLElement): Promise<void> {
    const isOpen = opener.getAttribute("aria-expanded") === "true";
    this.open?.stop();
    for (const each of this.place.querySelectorAll("[aria-expanded]")) each.setAttribute("aria-expanded", "false");
    for (const each of this.place.querySelectorAll<HTMLElement>(".player")) each.hidden = true;
    if (isOpen) return;
    try {
      const notes = await this.archive.notes(session.id);
      place.replaceChildren(...this.player(notes));
      place.hidden = false;
      opener.setAttribute("aria-expanded", "true");
    } catch (error) {
      this.onRefused((error as Error).message);
    }
  }

  private player(session: SessionNotes): Node[] {
    const notes = notesOf(session);
    const playback = new Playback(notes, this.instrument);
    const canvas = element("canvas", { "aria-hidden": "true" });
    const point = element("input", { type: "range", min: 0, max: Math.max(0.1, playback.end), step: 0.1, value: 0, "aria-label": "Point in the session" });
    const time = element("output", { class: "time" });
    const play = element("button", { type: "button" }, "Play");
    const draw = (at: number): void => {
      point.value = String(at);
      time.value = `${durationInWords(at)} of ${durationInWords(playback.end)}`;
      point.setAttribute("aria-valuetext", time.value);
      play.textContent = playback.isPlaying ? "Stop" : "Play";
      drawSession(canvas, notes, playback.end, at);
    };
    const stop = (): void => {
      playback.stop();
      draw(point.valueAsNumber);
    };
    const follow = (): void => {
      if (!playback.isPlaying) return;
      draw(playback.advance(performance.now() / 1000));
      requestAnimationFrame(follow);
    };
    const begin = (): void => {
      const at = point.valueAsNumber >= playback.end - 0.1 ? 0 : point.valueAsNumber;
      playback.play(at, performance.now() / 1000);
      follow();
    };
    play.addEventListener("click", () => (playback.isPlaying ? stop() : begin()));
    point.addEventListener("input", () => {
      const wasPlaying = playback.isPlaying;
      stop();
      if (wasPlaying) begin();
    });
    this.open = { id: session.id, playback, stop };
    requestAnimationFrame(() => draw(0));
    const download = element("a", { href: `/api/sessions/${session.id}.mid`, download: true, class: "button" }, "Download .mid");
    const goOn = element("button", { type: "button", class: "it" }, "Continue from here");
    goOn.addEventListener("click", () => {
      stop();
      // From its beginning there is nothing to go on from: then its end is meant.
      void this.goOn(session.id, point.valueAsNumber || playback.end);
    });
    return [canvas, point, element("div", { class: "actions" }, play, goOn, download, time)];
  }

  private async goOn(id: string, at: number): Promise<void> {
    try {
      await this.archive.continueFrom(id, at);
    } catch (error) {
      this.onRefused((error as Error).message);
    }
  }
}
