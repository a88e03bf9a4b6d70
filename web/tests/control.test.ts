import { describe, expect, test } from "vitest";
import { inWords, labelOf, meanings, stepOf, withLabels } from "../src/control";

test("a setting is called what a person would write", () => {
  expect(labelOf("play.min_p")).toBe("Min p");
  expect(labelOf("turn.shortest_pause")).toBe("Shortest pause");
  expect(["engine.kind", "model.name"].map(labelOf)).toEqual(["Engine", "Model"]);
});

test("a description calls other settings what the page calls them, and nothing else", () => {
  const names = new Set(["play.length", "tempo.bpm"]);
  expect(withLabels("0 is as play.length says", names)).toBe("0 is as “Length” says");
  expect(withLabels("names such as piano.example.org", names)).toBe("names such as piano.example.org");
});

describe("what a value means", () => {
  const density = { description: "how dense; 0 is as dense as you play, -1 leaves it free", unit: "notes/s" };

  test("is said in the words of the description", () => {
    expect(inWords(0, density)).toBe("as dense as you play");
    expect(inWords(-1, density)).toBe("free");
    expect(inWords(4.5, density)).toBe("4.5 notes/s");
  });

  test("is a bare number where there is neither word nor unit", () => {
    expect(inWords(0.30000000000000004, { description: "leave out what is unlikely", unit: "" })).toBe("0.3");
    expect(meanings("0 plays the likeliest note, 1 as it learnt, above 1 is wilder").get(1)).toBeUndefined();
    expect(meanings("lowest note of an answer; 21 is the lowest key of a piano")).toEqual(new Map());
  });
});

test("a MIDI note is told by its name", () => {
  expect(inWords(60, { description: "how high; 0 is as high as you play", unit: "MIDI note" })).toBe("C 4");
});

describe("the step of a slider", () => {
  test("is a round number, and there are enough of them", () => {
    for (const [lowest, highest, step] of [
      [0, 2, 0.01],
      [0, 1, 0.005],
      [-1, 40, 0.5],
      [0.1, 10, 0.05],
      [-1, 127, 1],
    ] as const) {
      expect(stepOf({ kind: "float", lowest, highest })).toBeCloseTo(step);
    }
  });

  test("of whole numbers is one", () => {
    expect(stepOf({ kind: "int", lowest: 0, highest: 127 })).toBe(1);
  });
});
