import { beforeEach, expect, test } from "vitest";
import { Playback, type RecordedNote } from "../src/playback";

const NOTES: RecordedNote[] = [
  { part: "you", pitch: 60, velocity: 80, at: 0, length: 1 },
  { part: "you", pitch: 60, velocity: 80, at: 1, length: 1 },
  { part: "it", pitch: 64, velocity: 70, at: 5, length: 1 },
];

let done: string[];
let playback: Playback;

beforeEach(() => {
  done = [];
  playback = new Playback(NOTES, {
    press: (player, pitch, _, at) => done.push(`${player} ${pitch} at ${at}`),
    release: (player, pitch, at) => done.push(`${player} ${pitch} ends at ${at}`),
    silence: () => done.push("silence"),
  });
});

test("notes are handed over a little ahead of their time, each once", () => {
  playback.play(0, 100);
  playback.advance(100);
  playback.advance(100);
  expect(done).toEqual(["you 60 at 100", "you 60 ends at 101", "you 60 at 101"]);
  playback.advance(104);
  expect(done.slice(3)).toEqual(["you 60 ends at 102", "it 64 at 105"]);
});

test("it begins anywhere", () => {
  playback.play(4.5, 100);
  expect(playback.advance(100)).toBe(4.5);
  expect(done).toEqual(["it 64 at 100.5", "it 64 ends at 101.5"]);
});

test("it falls silent when it is stopped, and at its end", () => {
  playback.play(0, 100);
  playback.stop();
  expect([done.at(-1), playback.isPlaying]).toEqual(["silence", false]);
  playback.play(5, 200);
  playback.advance(202);
  expect([done.at(-1), playback.isPlaying]).toEqual(["silence", false]);
});

test("a session without notes ends at once", () => {
  const nothing = new Playback([], { press: () => {}, release: () => {}, silence: () => {} });
  nothing.play(0, 0);
  nothing.advance(1);
  expect([nothing.end, nothing.isPlaying]).toEqual([0, false]);
});
