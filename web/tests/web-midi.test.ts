import { expect, test } from "vitest";
import { Hands } from "../src/hands";
import { play } from "../src/web-midi";

function said(...messages: number[][]): string[] {
  const done: string[] = [];
  const hands = new Hands({
    press: (pitch, velocity) => done.push(`press ${pitch} ${velocity}`),
    release: (pitch) => done.push(`release ${pitch}`),
    pedal: (value) => done.push(`pedal ${value}`),
  });
  for (const message of messages) play(hands, "1", new Uint8Array(message));
  return done;
}

test("a note of any channel is pressed, and released by either kind of message", () => {
  expect(said([0x93, 60, 80], [0x83, 60, 64], [0x90, 62, 80], [0x90, 62, 0])).toEqual([
    "press 60 80",
    "release 60",
    "press 62 80",
    "release 62",
  ]);
});

test("the sustain pedal is down from the middle on", () => {
  expect(said([0xb0, 64, 63], [0xb0, 64, 64], [0xb0, 64, 127], [0xb0, 64, 0])).toEqual(["pedal 127", "pedal 0"]);
});

test("what is no note is left alone", () => {
  expect(said([0xfe], [0xe0, 0, 64], [0xb0, 1, 100], [])).toEqual([]);
});
