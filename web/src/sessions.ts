/** The list of what was recorded. */

import { byId, element } from "./element";
import type { Instrument } from "./playback";
import type { Session, SessionNotes } from "./protocol";
import { durationInWords, SessionPlayer } from "./session-player";

export interface Archive {
  list(): Promise<Session[]>;
  notes(id: string): Promise<SessionNotes>;
  continueFrom(id: string, at: number): Promise<void>;
}

const NOTHING = "Nothing yet. Whatever is played is kept, and is listed here.";

export class Sessions {
  private readonly place = byId("session-list", HTMLElement);
  /** The one that is looked at. */
  private player: SessionPlayer | undefined;

  constructor(
    private readonly archive: Archive,
    private readonly instrument: Instrument,
    private readonly onRefused: (sentence: string) => void,
  ) {}

  /** Read the list anew. */
  async refresh(): Promise<void> {
    await this.attempt(async () => {
      const sessions = await this.archive.list();
      this.stop();
      const rows = sessions.map((session) => this.row(session));
      this.place.replaceChildren(...(rows.length > 0 ? rows : [element("li", { class: "nothing" }, NOTHING)]));
    });
  }

  /** End what is being played again. */
  stop(): void {
    this.player?.stop();
    this.player = undefined;
  }

  private row(session: Session): HTMLElement {
    const what = `${durationInWords(session.seconds)} · ${session.heard} notes of yours, ${session.played} of its own`;
    const place = element("div", { class: "player", hidden: true });
    const words = [
      element("span", { class: "when" }, session.is_going_on ? "This session" : whenOf(session)),
      element("span", { class: "what" }, what),
    ];
    const opener = element("button", { type: "button", class: "session", "aria-expanded": "false" }, ...words);
    opener.addEventListener("click", () => void this.toggle(session, opener, place));
    return element("li", {}, opener, place);
  }

  private async toggle(session: Session, opener: HTMLElement, place: HTMLElement): Promise<void> {
    const wasOpen = opener.getAttribute("aria-expanded") === "true";
    this.stop();
    for (const each of this.place.querySelectorAll(".session")) each.setAttribute("aria-expanded", "false");
    for (const each of this.place.querySelectorAll<HTMLElement>(".player")) each.hidden = true;
    if (wasOpen) return;
    await this.attempt(async () => {
      const notes = await this.archive.notes(session.id);
      this.player = new SessionPlayer(notes, this.instrument, (at) => void this.goOn(session, at));
      place.replaceChildren(...this.player.parts);
      place.hidden = false;
      opener.setAttribute("aria-expanded", "true");
    });
  }

  private goOn(session: Session, at: number): Promise<void> {
    return this.attempt(() => this.archive.continueFrom(session.id, at));
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.onRefused((error as Error).message);
    }
  }
}

function whenOf({ began }: Session): string {
  const format = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
  return new Date(began).toLocaleString(undefined, format);
}
