/** Says whose turn it is, and what was heard: the player's key and chord, and the tempo. */

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

  showHeard({ key, chord, tempo, tempo_from, pedal_withholds }: State): void {
    const heard = [key, chord, tempoInWords(tempo, tempo_from)];
    const said = pedal_withholds ? ["the pedal is down: lift it for an answer"] : heard;
    this.heard.textContent = said.filter(Boolean).join(" · ");
  }

  private write(): void {
    const words = this.isThere ? (this.isListening ? LISTENING : WORDS)[this.turn] : NOT_THERE;
    if (this.words.textContent !== words) this.words.textContent = words;
  }
}

/** How many beats a minute, and whose they are where they are not the player's own. */
export function tempoInWords(tempo: number | null, from: State["tempo_from"]): string {
  if (tempo === null) return "";
  const beats = `${tempo.toFixed(0)} bpm`;
  return from === "clock" ? `${beats} by the clock` : from === "setting" ? `${beats} as set` : beats;
}
