import { describe, expect, test } from "vitest";
import { Score } from "../src/score";

describe("what was played", () => {
  test("sounds until it is released", () => {
    const score = new Score();
    score.press("you", 60, 80, 1);
    expect(score.isSounding("you", 60)).toBe(true);
    expect(score.isSounding("it", 60)).toBe(false);
    score.release("you", 60, 2);
    expect(score.since(0)).toEqual([{ player: "you", pitch: 60, velocity: 80, begin: 1, end: 2 }]);
    expect(score.since(2.5)).toEqual([]);
  });

  test("is two notes when a key is struck twice without a release", () => {
    const score = new Score();
    score.press("it", 60, 80, 1);
    score.press("it", 60, 90, 2);
    expect(score.since(0).map((note) => note.end)).toEqual([2, undefined]);
  });

  test("ends all at once when the daemon has gone", () => {
    const score = new Score();
    score.press("you", 60, 80, 1);
    score.press("it", 64, 80, 1);
    score.plan([[2, 67, 80]]);
    score.endAll(1.5);
    expect(score.since(0).every((note) => note.end === 1.5)).toBe(true);
    expect(score.planned).toEqual([]);
  });

  test("is forgotten after a minute", () => {
    const score = new Score();
    score.press("you", 60, 80, 0);
    score.release("you", 60, 1);
    score.press("you", 62, 80, 100);
    expect(score.since(0).map((note) => note.pitch)).toEqual([62]);
  });
});

describe("what is planned", () => {
  test("has its end where the plan has a release", () => {
    const score = new Score();
    score.plan([
      [1, 60, 80],
      [1.2, 64, 80],
      [1.5, 60, 0],
    ]);
    expect(score.planned).toEqual([
      { pitch: 60, begin: 1, end: 1.5 },
      { pitch: 64, begin: 1.2, end: 6.2 },
    ]);
  });

  test("is taken back by the next plan", () => {
    const score = new Score();
    score.plan([[1, 60, 80]]);
    score.plan([]);
    expect(score.planned).toEqual([]);
  });

  test("leaves out a release of what sounds already", () => {
    const score = new Score();
    score.plan([[1, 60, 0]]);
    expect(score.planned).toEqual([]);
  });
});
