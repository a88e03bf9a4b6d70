import { beforeEach, expect, test } from "vitest";
import { Hands } from "../src/hands";

let done: string[];
let hands: Hands;

beforeEach(() => {
  done = [];
  hands = new Hands({
    press: (pitch, velocity) => done.push(`press ${pitch} ${velocity}`),
    release: (pitch) => done.push(`release ${pitch}`),
    pedal: (value) => done.push(`pedal ${value}`),
  });
});

test("a key that two hold is released with the last of them", () => {
  hands.press("pointer 1", 60, 80);
  hands.press("computer a", 60, 80);
  hands.release("pointer 1", 60);
  expect(done).toEqual(["press 60 80", "press 60 80"]);
  hands.release("computer a", 60);
  expect(done.at(-1)).toBe("release 60");
});

test("a key that repeats by itself is pressed once", () => {
  hands.press("computer a", 60, 80);
  hands.press("computer a", 60, 80);
  expect(done).toEqual(["press 60 80"]);
});

test("what nobody holds is not released", () => {
  hands.release("pointer 1", 60);
  expect(done).toEqual([]);
});

test("a velocity is what MIDI can say", () => {
  hands.press("midi", 60, 0);
  hands.press("midi", 61, 300);
  hands.press("midi", 200, 80);
  expect(done).toEqual(["press 60 1", "press 61 127"]);
});

test("the pedal is told of when it moves, and is down as long as one foot is", () => {
  hands.pedal("button", true);
  hands.pedal("computer", true);
  hands.pedal("button", false);
  hands.pedal("computer", false);
  expect(done).toEqual(["pedal 127", "pedal 0"]);
});

test("a source that is gone lets go of its keys and of no other", () => {
  hands.press("midi 1", 60, 80);
  hands.press("pointer 1", 62, 80);
  hands.pedal("midi 1", true);
  hands.lift("midi");
  expect(done.slice(-2)).toEqual(["release 60", "pedal 0"]);
  hands.lift();
  expect(done.at(-1)).toBe("release 62");
});
