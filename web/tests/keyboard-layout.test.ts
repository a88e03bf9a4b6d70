import { describe, expect, test } from "vitest";
import { keyAt, keysOf, nameOf, rangeWithin, velocityAt, WHOLE, type Key } from "../src/keyboard-layout";

const WHOLE_KEYS = keysOf(WHOLE);

function middleOf(key: Key): number {
  return key.left + key.width / 2;
}

describe("the keys of a piano", () => {
  test("are 88, of which 52 are white and fill the width", () => {
    const whites = WHOLE_KEYS.filter((key) => !key.black);
    expect(WHOLE_KEYS).toHaveLength(88);
    expect(whites).toHaveLength(52);
    expect(whites.reduce((sum, key) => sum + key.width, 0)).toBeCloseTo(1);
  });

  test("are each found where they lie", () => {
    for (const key of WHOLE_KEYS) {
      expect(keyAt(WHOLE_KEYS, middleOf(key), key.black ? 0.3 : 0.9)?.pitch).toBe(key.pitch);
    }
  });

  test("are white at their front edge, whatever is above", () => {
    for (let x = 0; x < 1; x += 0.001) expect(keyAt(WHOLE_KEYS, x, 0.95)?.black).toBe(false);
  });

  test("are not beyond the ends", () => {
    expect(keyAt(WHOLE_KEYS, -0.01, 0.5)).toBeUndefined();
    expect(keyAt(WHOLE_KEYS, 1.01, 0.5)).toBeUndefined();
  });

  test("have the names that musicians give them", () => {
    expect([21, 60, 66, 108].map(nameOf)).toEqual(["A 0", "C 4", "F sharp 4", "C 8"]);
  });
});

describe("how loud a key sounds", () => {
  test("grows towards its front edge and stays within what MIDI has", () => {
    for (const key of WHOLE_KEYS.slice(0, 12)) {
      const velocities = [-1, 0, 0.2, 0.4, 0.6, 1, 2].map((y) => velocityAt(key, y));
      expect(velocities).toEqual([...velocities].sort((a, b) => a - b));
      expect(Math.min(...velocities)).toBeGreaterThan(0);
      expect(Math.max(...velocities)).toBeLessThan(128);
    }
  });
});

describe("the part of the piano that fits", () => {
  test("is all of it on a wide screen", () => {
    expect(rangeWithin(1280, 20, 60)).toEqual(WHOLE);
  });

  test("is two octaves from a C on a phone", () => {
    expect(rangeWithin(390, 26, 61)).toEqual({ lowest: 60, highest: 84 });
  });

  test("never reaches beyond the last key or before the first C", () => {
    for (let lowest = 0; lowest < 128; lowest++) {
      const range = rangeWithin(390, 26, lowest);
      expect(range.lowest).toBeGreaterThanOrEqual(24);
      expect(range.highest).toBeLessThanOrEqual(108);
      expect(range.highest - range.lowest).toBe(24);
    }
  });
});
