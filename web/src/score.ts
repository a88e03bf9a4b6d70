/** What was played and what is about to be: the notes that the roll draws. It knows neither clocks nor pixels. */

import type { PageSeconds, Pitch, Player } from "./protocol";

export interface Note {
  player: Player;
  pitch: Pitch;
  velocity: number;
  begin: PageSeconds;
  /** When it ended; undefined while it sounds. */
  end: PageSeconds | undefined;
}

/** A note that is planned; it may still be taken back. */
export interface Planned {
  pitch: Pitch;
  begin: PageSeconds;
  end: PageSeconds;
}

/** How long what was played is kept. */
const KEPT: PageSeconds = 60;
/** How long a planned note is drawn that does not end within the plan. */
const OPEN_ENDED: PageSeconds = 5;

export class Score {
  planned: Planned[] = [];
  private notes: Note[] = [];
  private readonly sounding = new Map<string, Note>();

  press(player: Player, pitch: Pitch, velocity: number, at: PageSeconds): void {
    this.release(player, pitch, at);
    const note: Note = { player, pitch, velocity, begin: at, end: undefined };
    this.sounding.set(`${player} ${pitch}`, note);
    this.notes.push(note);
    this.forget(at - KEPT);
  }

  release(player: Player, pitch: Pitch, at: PageSeconds): void {
    const note = this.sounding.get(`${player} ${pitch}`);
    if (!note) return;
    note.end = Math.max(at, note.begin);
    this.sounding.delete(`${player} ${pitch}`);
  }

  /** End everything that sounds, and drop what was planned. */
  endAll(at: PageSeconds): void {
    for (const note of this.sounding.values()) note.end = Math.max(at, note.begin);
    this.sounding.clear();
    this.planned = [];
  }

  /** Take a new plan in place of the former: events in order of time, where velocity 0 is a release. */
  plan(events: [at: PageSeconds, pitch: Pitch, velocity: number][]): void {
    const open = new Map<Pitch, Planned>();
    this.planned = [];
    for (const [at, pitch, velocity] of events) {
      const begun = open.get(pitch);
      if (begun) begun.end = at;
      open.delete(pitch);
      if (velocity === 0) continue;
      const note = { pitch, begin: at, end: at + OPEN_ENDED };
      open.set(pitch, note);
      this.planned.push(note);
    }
  }

  /** What sounded at any time since a moment. */
  since(moment: PageSeconds): Note[] {
    return this.notes.filter((note) => note.end === undefined || note.end >= moment);
  }

  isSounding(player: Player, pitch: Pitch): boolean {
    return this.sounding.has(`${player} ${pitch}`);
  }

  private forget(moment: PageSeconds): void {
    if ((this.notes[0]?.end ?? Infinity) < moment) this.notes = this.since(moment);
  }
}
