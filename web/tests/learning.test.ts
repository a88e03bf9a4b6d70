import { expect, test } from "vitest";
import { boundTo } from "../src/learning";

const BINDINGS = { "cc 20": "play.temperature", "note 21": "panic", "cc 22 ch 3": "mode next", "program 1": "play.mode listen" };

test("a control is called what a musician calls it", () => {
  expect(boundTo(BINDINGS, "play.temperature")).toEqual(["CC 20"]);
  expect(boundTo(BINDINGS, "panic")).toEqual(["Note 21"]);
});

test("a setting has all controls that move it, by whatever name and in whatever way", () => {
  expect(boundTo(BINDINGS, "play.mode")).toEqual(["CC 22 ch 3", "Program 1"]);
});

test("what nothing is bound to has none", () => {
  expect(boundTo(BINDINGS, "guide.lock")).toEqual([]);
  expect(boundTo({}, "play.temperature")).toEqual([]);
});
