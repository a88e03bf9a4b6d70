/** How loud both players are at the moment, as their pianos' AnalyserNodes hear it. */

import { byId } from "./element";
import type { Player } from "./protocol";
import type { Synth } from "./synth";

/** How much of a level is left after each picture. */
const FALL = 0.9;

export function followLevels(synth: Synth): void {
  const meters: Record<Player, HTMLMeterElement> = {
    you: byId("level-you", HTMLMeterElement),
    it: byId("level-it", HTMLMeterElement),
  };
  const draw = (): void => {
    for (const player of ["you", "it"] as const) {
      const level = Math.max(synth.loudness(player), meters[player].value * FALL);
      meters[player].value = level < 0.002 ? 0 : level;
    }
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
}
