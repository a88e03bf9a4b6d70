/** Sentences for the player: some pass, and that the daemon is gone stays until it is back. */

import { byId } from "./element";
import { wording } from "./wording";

const SHOWN_FOR_MS = 6000;

export class Notices {
  private readonly passing = byId("notice", HTMLElement);
  private readonly staying = byId("gone", HTMLElement);
  private timer: ReturnType<typeof setTimeout> | undefined;

  tell(sentence: string): void {
    this.passing.replaceChildren(...wording(sentence));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.passing.textContent = ""), SHOWN_FOR_MS);
  }

  /** Say that nobody is there, or with an empty sentence that somebody is again. */
  tellGone(sentence: string): void {
    this.staying.textContent = sentence;
  }
}
