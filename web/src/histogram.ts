/** A histogram of how late notes were, drawn by octaves of time. */

const NAMESPACE = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, LETTERS] = [300, 72, 14];
const GAP = 3;
/** Bars are no broader than this, however few there are. */
const FEWEST = 8;

/** A time in the unit that suits it. */
export function timeInWords(microseconds: number): string {
  if (microseconds < 1000) return `${Math.round(microseconds)} µs`;
  const milliseconds = microseconds / 1000;
  return milliseconds < 1000 ? `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Draw it, in place of what was drawn before: a bar for each octave, and beneath it up to what it counts. */
export function drawHistogram(place: SVGSVGElement, bins: [upTo: number, count: number][]): void {
  const most = Math.max(1, ...bins.map(([, count]) => count));
  const breadth = WIDTH / Math.max(FEWEST, bins.length);
  place.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT + LETTERS}`);
  place.replaceChildren(
    shape("line", { x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT }),
    ...bins.flatMap(([upTo, count], index) => {
      const height = count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT);
      const x = index * breadth;
      return [
        shape("rect", { x: x + GAP / 2, y: HEIGHT - height, width: breadth - GAP, height, rx: 1.5 }),
        shape("text", { x: x + breadth / 2, y: HEIGHT + LETTERS - 3 }, timeInWords(upTo)),
      ];
    }),
    ...(bins.length === 0 ? [shape("text", { x: WIDTH / 2, y: HEIGHT / 2 }, "no note of an answer yet")] : []),
  );
}

function shape(name: string, attributes: Record<string, number>, text = ""): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value.toFixed(2));
  made.textContent = text;
  return made;
}
