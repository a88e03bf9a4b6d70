/** How loud both players are at the moment, as their pianos' AnalyserNodes hear it. */

import { byId } from "./element";
import type { Player } from "./protocol";
import type { Synth } from "./synth";

/** How far a level falls from one picture to the next at most. */
const FALL = 0.02;

export function followLevels(synth: Synth): void {
  const meters: Record<Player, HTMLMeterElement> = {
    you: byId("level-you", HTMLMeterElement),
    it: byId("level-it", HTMLMeterElement),
  };
  const draw = (): void => {
    for (const player of ["you", "it"] as const) {
      meters[player].value = Math.max(synth.loudness(player), meters[player].value - FALL);
    }
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
}
