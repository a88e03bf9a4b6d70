import { describe, expect, test } from "vitest";
import { AudioClock, DaemonClock } from "../src/clocks";

describe("the daemon's clock", () => {
  test("is known as exactly as the quickest answer was quick", () => {
    const clock = new DaemonClock();
    // The daemon is 100 s ahead; the first answer was held up for half a second on its way back.
    clock.answered(1, 101.01, 1.52);
    expect(clock.toPage(110)).toBeCloseTo(10.25, 5);
    clock.answered(2, 102.005, 2.01);
    expect(clock.toPage(110)).toBeCloseTo(10, 5);
    expect(clock.journey).toBeCloseTo(0.01);
  });

  test("is followed when it drifts, since old answers are forgotten", () => {
    const clock = new DaemonClock();
    clock.answered(0, 100, 0.001);
    for (let second = 1; second <= 12; second++) clock.answered(second, second + 101, second + 0.002);
    expect(clock.toPage(121)).toBeCloseTo(20, 2);
  });

  test("is not believed any more when another daemon answers", () => {
    const clock = new DaemonClock();
    clock.answered(0, 100, 0.001);
    clock.reset();
    expect(clock.isSet).toBe(false);
    clock.answered(1, 5, 1.5);
    expect(clock.toPage(5)).toBeCloseTo(1.25);
  });
});

describe("the sound card's clock", () => {
  test("goes evenly although it is read in steps", () => {
    const clock = new AudioClock();
    for (let page = 0; page < 1; page += 0.007) clock.read(page, 3 + Math.floor(page / 0.02) * 0.02);
    expect(clock.toAudio(2)).toBeGreaterThan(4.99);
    expect(clock.toAudio(2)).toBeLessThanOrEqual(5);
  });

  test("is followed when it is slower than the page's", () => {
    const clock = new AudioClock();
    for (let page = 0; page < 600; page += 0.1) clock.read(page, page * 0.9999);
    expect(clock.toAudio(600)).toBeCloseTo(600 * 0.9999, 3);
  });
});
