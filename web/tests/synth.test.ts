import { describe, expect, test } from "vitest";
import { brightness, levelOf, preset } from "../src/synth";

describe("the recorded piano", () => {
  const regions = preset().groups[0]!.regions;

  test("has exactly one recording for every note", () => {
    for (let pitch = 0; pitch < 128; pitch++) {
      expect(regions.filter(({ keyRange }) => keyRange![0] <= pitch && pitch <= keyRange![1])).toHaveLength(1);
    }
  });

  test("shifts no note of a piano by more than three semitones", () => {
    for (const { keyRange, pitch } of regions) {
      expect(pitch! - Math.max(21, keyRange![0])).toBeLessThanOrEqual(3);
      expect(Math.min(108, keyRange![1]) - pitch!).toBeLessThanOrEqual(3);
    }
  });
});

test("a harder stroke is brighter", () => {
  expect(brightness(127)).toBeGreaterThan(20_000);
  expect(brightness(20)).toBeLessThan(2000);
});

test("a level is nothing for silence and everything for full scale", () => {
  expect([-Infinity, -60, -30, 0, 6].map(levelOf)).toEqual([0, 0, 0.5, 1, 1]);
});
