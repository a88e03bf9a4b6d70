/** A histogram of how late notes were, drawn by octaves of time. */

const NAMESPACE = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, GAP] = [280, 84, 2];

/** A time in the unit that suits it. */
export function timeInWords(microseconds: number): string {
  if (microseconds < 1000) return `${Math.round(microseconds)} µs`;
  const milliseconds = microseconds / 1000;
  return milliseconds < 1000 ? `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Draw it, in place of what was drawn before. */
export function drawHistogram(place: SVGSVGElement, bins: [upTo: number, count: number][]): void {
  const most = Math.max(1, ...bins.map(([, count]) => count));
  const breadth = WIDTH / Math.max(1, bins.length);
  const bars = bins.map(([upTo, count], index) => {
    const bar = document.createElementNS(NAMESPACE, "rect");
    const height = count === 0 ? 1 : Math.max(2, (count / most) * HEIGHT);
    const place = { x: index * breadth + GAP / 2, y: HEIGHT - height, width: breadth - GAP, height, rx: 1.5 };
    for (const [name, value] of Object.entries(place)) bar.setAttribute(name, value.toFixed(2));
    const title = document.createElementNS(NAMESPACE, "title");
    title.textContent = `${count} up to ${timeInWords(upTo)}`;
    bar.append(title);
    return bar;
  });
  place.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  place.replaceChildren(...bars);
}
