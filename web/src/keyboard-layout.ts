/** Where the keys of a piano lie, and which one is under a finger. All lengths are shares of the whole, 0 to 1. */

import type { Pitch } from "./protocol";

export const LOWEST_KEY: Pitch = 21;
export const HIGHEST_KEY: Pitch = 108;

/** How far down the black keys reach. */
export const BLACK_LENGTH = 0.63;
const BLACK_WIDTH = 0.6;

/** How far a black key lies from the middle between its neighbours, in widths of a white key, as on a real piano. */
const BLACK_OFFSETS: Record<number, number> = { 1: -0.11, 3: 0.11, 6: -0.14, 8: 0, 10: 0.14 };

const NAMES = ["C", "C sharp", "D", "D sharp", "E", "F", "F sharp", "G", "G sharp", "A", "A sharp", "B"];

export interface Range {
  lowest: Pitch;
  highest: Pitch;
}

export interface Key {
  pitch: Pitch;
  black: boolean;
  left: number;
  width: number;
}

export const WHOLE: Range = { lowest: LOWEST_KEY, highest: HIGHEST_KEY };

export function isBlack(pitch: Pitch): boolean {
  return pitch % 12 in BLACK_OFFSETS;
}

/** The name of a note as it is read out, such as "F sharp 4". */
export function nameOf(pitch: Pitch): string {
  return `${NAMES[pitch % 12] ?? ""} ${Math.floor(pitch / 12) - 1}`;
}

/** The keys of a range that begins and ends with a white one, from left to right. */
export function keysOf({ lowest, highest }: Range): Key[] {
  const pitches = Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index);
  const white = 1 / pitches.filter((pitch) => !isBlack(pitch)).length;
  let left = 0;
  return pitches.map((pitch) => {
    const offset = BLACK_OFFSETS[pitch % 12];
    if (offset === undefined) {
      left += white;
      return { pitch, black: false, left: left - white, width: white };
    }
    return { pitch, black: true, left: left + white * (offset - BLACK_WIDTH / 2), width: white * BLACK_WIDTH };
  });
}

/** The key at a point, counted from the upper left corner of the keyboard. */
export function keyAt(keys: Key[], x: number, y: number): Key | undefined {
  const under = keys.filter((key) => key.left <= x && x < key.left + key.width);
  return (y < BLACK_LENGTH && under.find((key) => key.black)) || under.find((key) => !key.black);
}

/** How loud a key sounds that is hit at a height: the nearer to its front edge, the louder. */
export function velocityAt(key: Key, y: number): number {
  const depth = Math.min(1, Math.max(0, key.black ? y / BLACK_LENGTH : y));
  return Math.round(36 + 84 * depth);
}

/**
 * Which part of the piano fits into a width.
 *
 * @param width of the keyboard, in pixels.
 * @param narrowest that a white key may be, in pixels.
 * @param lowest where the part is to begin; it is moved to a C, and so that all of the part exists.
 */
export function rangeWithin(width: number, narrowest: number, lowest: Pitch): Range {
  const whites = Math.floor(width / narrowest);
  if (whites >= 52) return WHOLE;
  const octaves = Math.max(1, Math.min(7, Math.floor((whites - 1) / 7)));
  const start = Math.min(HIGHEST_KEY - 12 * octaves, Math.max(24, lowest - (lowest % 12)));
  return { lowest: start, highest: start + 12 * octaves };
}
