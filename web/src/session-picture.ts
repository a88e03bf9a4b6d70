/** A whole session at a glance: time to the right, pitch upwards, the two players in their colours. */

import type { RecordedNote } from "./playback";

/** Draw it on a canvas, with a line where it is heard. */
export function drawSession(canvas: HTMLCanvasElement, notes: RecordedNote[], end: number, at: number): void {
  const ink = canvas.getContext("2d");
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!ink || width === 0) return;
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  ink.scale(devicePixelRatio, devicePixelRatio);
  const style = getComputedStyle(canvas);
  const pitches = notes.map((note) => note.pitch);
  const [lowest, highest] = [Math.min(...pitches, 54) - 3, Math.max(...pitches, 66) + 3];
  const [second, semitone] = [width / Math.max(0.1, end), height / (highest - lowest)];
  for (const { part, pitch, velocity, at: begin, length } of notes) {
    ink.globalAlpha = 0.45 + 0.55 * (velocity / 127);
    ink.fillStyle = style.getPropertyValue(`--${part}`);
    ink.fillRect(begin * second, (highest - pitch) * semitone - semitone / 2, Math.max(1.5, length * second), Math.max(2, semitone));
  }
  ink.globalAlpha = 1;
  ink.fillStyle = style.getPropertyValue("--ink");
  ink.fillRect(Math.min(width - 1.5, at * second), 0, 1.5, height);
}
