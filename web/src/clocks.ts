/** How the daemon's clock, the page's and the sound card's are told from each other. This module reads none of them. */

import type { DaemonSeconds, PageSeconds } from "./protocol";

/** Answers that are compared; the quickest of them is believed, for it leaves the least doubt. */
const KEPT = 12;

/** Maps the daemon's clock to the page's, from questions of what time it is. */
export class DaemonClock {
  private readings: { journey: number; ahead: number }[] = [];

  /** Whether the daemon has ever said what time it is. */
  get isSet(): boolean {
    return this.readings.length > 0;
  }

  /** How long the quickest question took, there and back. */
  get journey(): number {
    return this.best.journey;
  }

  /** Take an answer down: `now` on the daemon's clock, somewhen between `asked` and `answered` on the page's. */
  answered(asked: PageSeconds, now: DaemonSeconds, answered: PageSeconds): void {
    this.readings.push({ journey: answered - asked, ahead: now - (asked + answered) / 2 });
    if (this.readings.length > KEPT) this.readings.shift();
  }

  /** Forget everything: another daemon has another clock. */
  reset(): void {
    this.readings = [];
  }

  toPage(moment: DaemonSeconds): PageSeconds {
    return moment - this.best.ahead;
  }

  private get best(): { journey: number; ahead: number } {
    return this.readings.reduce((best, one) => (one.journey < best.journey ? one : best), {
      journey: Infinity,
      ahead: this.readings[0]?.ahead ?? 0,
    });
  }
}

/** How much of the lead is given up in a second, so that a sound card that is slow is followed. */
const DRIFT = 0.0005;

/**
 * Maps the page's clock to the sound card's, which goes in steps: it stands still while a block is computed.
 * The farthest that it was ever ahead is where it would be if it went evenly.
 */
export class AudioClock {
  private lead = -Infinity;
  private readAt: PageSeconds = 0;

  /** Take a reading of both at the same time. */
  read(page: PageSeconds, audio: number): void {
    this.lead = Math.max(this.lead - DRIFT * (page - this.readAt), audio - page);
    this.readAt = page;
  }

  /** Forget everything: the sound card was stopped. */
  reset(): void {
    this.lead = -Infinity;
  }

  toAudio(moment: PageSeconds): number {
    return moment + this.lead;
  }
}
