/** How loud it is in this browser and who is heard, and MIDI keyboards at the browser. */

import { byId } from "./element";
import type { Hands } from "./hands";
import type { Player } from "./protocol";
import type { Synth } from "./synth";
import { hasWebMidi, hearKeyboards } from "./web-midi";

const KEPT_AS = "antiphon.sound";

interface Kept {
  volume: number;
  you: boolean;
  it: boolean;
}

export class SoundPanel {
  private readonly kept: Kept = { volume: 0.7, you: true, it: true, ...remembered() };

  constructor(
    private readonly synth: Synth,
    private readonly hands: Hands,
    private readonly onRefused: (sentence: string) => void,
  ) {
    this.tendVolume();
    for (const player of ["you", "it"] as const) this.tendMute(player);
    this.tendMidi();
  }

  private tendVolume(): void {
    const slider = byId("volume", HTMLInputElement);
    const follow = (): void => {
      this.synth.setVolume(this.kept.volume);
      slider.setAttribute("aria-valuetext", `${Math.round(this.kept.volume * 100)} %`);
      slider.style.setProperty("--fill", `${this.kept.volume * 100}%`);
    };
    slider.value = String(this.kept.volume);
    slider.addEventListener("input", () => {
      this.kept.volume = slider.valueAsNumber;
      this.remember();
      follow();
    });
    follow();
  }

  private tendMute(player: Player): void {
    const box = byId(`sounds-${player}`, HTMLInputElement);
    box.checked = this.kept[player];
    this.synth.mute(player, !box.checked);
    box.addEventListener("change", () => {
      this.kept[player] = box.checked;
      this.remember();
      this.synth.mute(player, !box.checked);
    });
  }

  private tendMidi(): void {
    const button = byId("midi", HTMLButtonElement);
    const names = byId("midi-names", HTMLElement);
    button.disabled = !hasWebMidi();
    if (button.disabled) names.textContent = "This browser gives pages no MIDI; Chromium and Firefox do.";
    button.addEventListener("click", () => {
      hearKeyboards(this.hands, (found) => {
        names.textContent = found.length > 0 ? `Heard: ${found.join(", ")}` : "None is plugged in yet.";
      }).catch((error: Error) => this.onRefused(whyNot(error)));
    });
  }

  private remember(): void {
    localStorage.setItem(KEPT_AS, JSON.stringify(this.kept));
  }
}

function whyNot(error: Error): string {
  const wasRefused = error.name === "NotAllowedError" || error.name === "SecurityError";
  return wasRefused
    ? "The browser refused MIDI; allow it for this page in its settings."
    : "The browser finds no MIDI on this computer.";
}

function remembered(): Partial<Kept> {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") as Partial<Kept>;
  } catch {
    return {};
  }
}
