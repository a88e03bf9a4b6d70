/** What goes on behind the music: ports, doors, the model, and how punctual it is. */

import { byId, element } from "./element";
import { drawHistogram, timeInWords } from "./histogram";
import type { State } from "./protocol";

/** How late what was, in words; the daemon may have more kinds than these. */
const DELAYS: Record<string, string> = {
  heard: "Heard, until taken in",
  begun: "Silence, until answered",
  sent: "Notes of answers",
  thru: "Notes passed on",
};

export class Figures {
  private readonly facts = byId("facts", HTMLElement);
  private readonly delays = byId("delays", HTMLTableSectionElement);
  private readonly picture = byId("histogram", SVGSVGElement);

  /** @param journey how long a message takes to the daemon and back, in seconds. */
  show(state: State, journey: number): void {
    const doors = Object.entries(state.doors).map(([name, how]): Fact => [name.toUpperCase(), how, true]);
    this.write([
      ["Keyboard", state.input || "none but this page", !state.lost.includes("in")],
      ["Instrument", state.output || "none but this page", !state.lost.includes("out")],
      ...doors,
      ["Model", state.model, true],
      ["Engine", state.engine, true],
      ["Heard, played", `${state.notes_heard}, ${state.notes_played} notes`, true],
      ["Pages open", String(state.pages), true],
      ["To this page", journey < 1 ? timeInWords((journey / 2) * 1e6) : "not known yet", true],
      ["Version", state.version, true],
    ]);
    this.delays.replaceChildren(...Object.entries(state.delays).map(([name, { count, p50, p99, max }]) =>
      element("tr", {}, element("th", { scope: "row" }, DELAYS[name] ?? name),
        ...[p50, p99, max].map((value) => element("td", {}, count > 0 ? timeInWords(value) : "–"))),
    )); // prettier-ignore
    this.draw(state);
  }

  private write(facts: Fact[]): void {
    this.facts.replaceChildren(...facts.flatMap(([name, value, isWell]) => [
      element("dt", {}, name),
      element("dd", { class: isWell ? "well" : "ill" }, isWell ? value : `${value} (missing)`),
    ])); // prettier-ignore
  }

  private draw({ histogram, delays }: State): void {
    drawHistogram(this.picture, histogram);
    const sent = delays["sent"];
    const words = sent && sent.count > 0
      ? `${sent.count} notes of answers: half of them within ${timeInWords(sent.p50)} of their time, 99 in 100 within ${timeInWords(sent.p99)}`
      : "No note of an answer yet"; // prettier-ignore
    this.picture.setAttribute("aria-label", words);
  }
}

type Fact = [name: string, value: string, isWell: boolean];
