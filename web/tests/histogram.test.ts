import { expect, test } from "vitest";
import { timeInWords } from "../src/histogram";

test("a time is told in the unit that suits it", () => {
  expect([61.4, 999, 1500, 48_200, 1_200_000].map(timeInWords)).toEqual(["61 µs", "999 µs", "1.5 ms", "48 ms", "1.2 s"]);
});
