/** Says whose turn it is, and what was heard: the key and the pace of the player. */

import { byId } from "./element";
import type { State, Turn } from "./protocol";

const WORDS: Record<Turn, string> = { you: "You play", it: "It answers", nobody: "Your turn" };
const LISTENING: Record<Turn, string> = { ...WORDS, you: "It listens", nobody: "It listens" };
const NOT_THERE = "Not connected";

export class TurnSign {
  private turn: Turn = "nobody";
  private isListening = false;
  private isThere = true;
  private readonly words = byId("turn", HTMLElement);
  private readonly heard = byId("heard", HTMLElement);

  /** Show whose turn it is; a mode in which it never answers has other words for it. */
  show(turn: Turn): void {
    this.turn = turn;
    document.body.dataset.turn = turn;
    this.write();
  }

  setThere(isThere: boolean): void {
    this.isThere = isThere;
    this.write();
  }

  setMode(mode: unknown): void {
    this.isListening = mode === "listen";
    this.write();
  }

  showHeard({ key, pace, pedal_withholds }: State): void {
    const said = pedal_withholds ? ["the pedal is down: lift it for an answer"] : [key, paceInWords(pace)];
    this.heard.textContent = said.filter(Boolean).join(" · ");
  }

  private write(): void {
    const words = this.isThere ? (this.isListening ? LISTENING : WORDS)[this.turn] : NOT_THERE;
    if (this.words.textContent !== words) this.words.textContent = words;
  }
}

/** How fast somebody plays, in notes; an onset every 0.5 s is 2 in a second. */
export function paceInWords(pace: number | null): string {
  return pace ? `${(1 / pace).toFixed(1)} notes/s` : "";
}
