/** A recorded session, played again: from any point, and stopped at any time. It knows no sound and no pixels. */

import type { PageSeconds, Pitch, Player, SessionNotes } from "./protocol";

export interface RecordedNote {
  part: Player;
  pitch: Pitch;
  velocity: number;
  /** Seconds from the beginning of the session. */
  at: number;
  length: number;
}

/** The notes of a session, as they are played again. */
export function notesOf({ parts }: Pick<SessionNotes, "parts">): RecordedNote[] {
  return (["you", "it"] as const).flatMap((part) =>
    parts[part].notes.map(([at, length, pitch, velocity]) => ({ part, pitch, velocity, at, length })),
  );
}

export interface Instrument {
  press(player: Player, pitch: Pitch, velocity: number, at: PageSeconds): void;
  release(player: Player, pitch: Pitch, at: PageSeconds): void;
  silence(): void;
}

/** How far ahead notes are handed over; a page in the background is woken once a second. */
const AHEAD: PageSeconds = 1.5;

type Deed = { at: number; player: Player; pitch: Pitch; velocity: number };

export class Playback {
  private readonly deeds: Deed[];
  private next = 0;
  private begun: PageSeconds | undefined;

  constructor(
    notes: RecordedNote[],
    private readonly instrument: Instrument,
  ) {
    const onsets = notes.map(({ at, part, pitch, velocity }) => ({ at, player: part, pitch, velocity }));
    const ends = notes.map(({ at, length, part, pitch }) => ({ at: at + length, player: part, pitch, velocity: 0 }));
    // At the same time a note ends before another begins.
    this.deeds = [...ends, ...onsets].sort((a, b) => a.at - b.at || a.velocity - b.velocity);
  }

  get isPlaying(): boolean {
    return this.begun !== undefined;
  }

  /** The last moment of the session. */
  get end(): number {
    return this.deeds.at(-1)?.at ?? 0;
  }

  /** Play from a point of the session on; what sounds there already is left out. */
  play(from: number, now: PageSeconds): void {
    this.stop();
    this.begun = now - from;
    this.next = this.deeds.findIndex((deed) => deed.at >= from);
    if (this.next < 0) this.next = this.deeds.length;
  }

  stop(): void {
    if (this.begun === undefined) return;
    this.begun = undefined;
    this.instrument.silence();
  }

  /** Hand over what comes soon, and return the point that is heard now; at its end it stops by itself. */
  advance(now: PageSeconds): number {
    if (this.begun === undefined) return 0;
    for (let deed = this.deeds[this.next]; deed && deed.at + this.begun <= now + AHEAD; deed = this.deeds[this.next]) {
      this.hand(deed, deed.at + this.begun);
      this.next += 1;
    }
    const point = now - this.begun;
    if (point > this.end + 0.5) this.stop();
    return Math.min(point, this.end);
  }

  private hand({ player, pitch, velocity }: Deed, at: PageSeconds): void {
    if (velocity > 0) this.instrument.press(player, pitch, velocity, at);
    else this.instrument.release(player, pitch, at);
  }
}
