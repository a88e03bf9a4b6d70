import { expect, test } from "vitest";
import { piecesOf } from "../src/wording";

test("what is to be typed is told from the words around it", () => {
  expect(piecesOf("see `antiphon models`, or `antiphon doctor`")).toEqual([
    { text: "see ", isCode: false },
    { text: "antiphon models", isCode: true },
    { text: ", or ", isCode: false },
    { text: "antiphon doctor", isCode: true },
  ]);
});

test("no letter is lost where a backtick stands alone", () => {
  for (const sentence of ["", "plain", "a ` alone", "`code` and ` alone"]) {
    expect(piecesOf(sentence).map(({ text }) => text).join("")).toBe(sentence.replace("`code`", "code"));
  }
});
