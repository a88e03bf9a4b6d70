/** All settings of the daemon, as it describes them. The only names in here are for order and for headings. */

import { type Control, controlOf, labelOf, withLabels } from "./control";
import { element } from "./element";
import { ACTIONS, type Bindings, Learning } from "./learning";
import type { Setting, Value } from "./protocol";
import { wording } from "./wording";

/** What is changed most, in this order; the rest is under "More". */
const FIRST = [
  "play.mode",
  "play.mood",
  "play.temperature",
  "play.min_p",
  "play.seconds",
  "duet.style",
  "play.blend",
  "guide.density",
  "guide.loudness",
  "guide.register",
  "guide.tempo",
  "guide.key",
  "guide.scale",
  "guide.lock",
  "turn.patience",
  "engine.kind",
  "model.name",
];

const HEADINGS: Record<string, string> = {
  play: "How it plays",
  guide: "What answers are like",
  turn: "Whose turn it is",
  duet: "Playing along",
  attract: "Playing by itself",
  engine: "What invents the notes",
  model: "What invents the notes",
  latency: "When time is short",
  midi: "MIDI ports",
  record: "Recordings",
  trigger: "Triggers",
  mqtt: "MQTT",
  osc: "OSC",
  web: "This page",
  system: "The machine",
};

/** The setting that says what knobs and keys of the player's do. */
const BINDINGS = "controls.bindings";

export interface Steering {
  /** @throws Error: it was refused; the sentence says why. */
  set(name: string, value: Value): Promise<void>;
  /** @throws Error: it was refused; the sentence says why. */
  ask(request: "learn" | "unlearn", what: string): Promise<void>;
}

export class Controls {
  private readonly controls = new Map<string, Control>();
  private readonly values = new Map<string, Value>();
  private shape = "";
  private readonly learning: Learning;
  private readonly about = element("p", { class: "about", "aria-hidden": "true" }, "Point at a setting to read what it does.");

  constructor(
    private readonly place: HTMLElement,
    private readonly steering: Steering,
    private readonly onRefused: (sentence: string) => void,
  ) {
    this.learning = new Learning((request, what) => steering.ask(request, what), onRefused);
    for (const event of ["pointerover", "focusin"]) place.addEventListener(event, (each) => this.tellAbout(each));
  }

  /** Lay out what the daemon has; where it has the same as before, only the values are new. */
  lay(settings: Setting[]): void {
    const shape = JSON.stringify(settings.map((setting) => ({ ...setting, value: undefined })));
    if (shape !== this.shape) this.draw(settings);
    this.shape = shape;
    this.show(Object.fromEntries(settings.map((setting) => [setting.name, setting.value])));
  }

  /** Show values that hold from now on, whoever has set them. */
  show(values: Record<string, Value>): void {
    for (const [name, value] of Object.entries(values)) {
      this.values.set(name, value);
      this.controls.get(name)?.show(value);
      if (name === BINDINGS) this.learning.show(value as Bindings);
    }
  }

  /** Let everything show which control it has, and learn another. */
  teach(isTaught: boolean): void {
    this.place.classList.toggle("learning", isTaught);
  }

  /** Show again what holds: something that was asked for did not come about. */
  showWhatHolds(): void {
    for (const [name, value] of this.values) this.controls.get(name)?.show(value);
  }

  value(name: string): Value | undefined {
    return this.values.get(name);
  }

  /** Let the rows light up that somebody else has changed. */
  point(names: string[]): void {
    for (const name of names) {
      const row = this.controls.get(name)?.row;
      row?.classList.remove("changed");
      void row?.offsetWidth;
      row?.classList.add("changed");
    }
  }

  private draw(all: Setting[]): void {
    this.controls.clear();
    const names = new Set(all.map((setting) => setting.name));
    const settings = all
      .filter((setting) => setting.kind !== "table")
      .map((setting) => ({ ...setting, description: withLabels(setting.description, names) }));
    const first = FIRST.flatMap((name) => settings.filter((setting) => setting.name === name));
    const rest = settings.filter((setting) => !FIRST.includes(setting.name));
    const more = element("details", {}, element("summary", {}, "More settings"), ...this.groups(rest));
    this.place.replaceChildren(this.actions(), ...this.groups(first), more, this.about);
  }

  private actions(): HTMLElement {
    const rows = Object.entries(ACTIONS).map(([what, label]) =>
      element("div", { class: "control" }, element("span", { class: "label" }, label), this.learning.buttonFor(what, label)),
    );
    return element("section", { class: "group learnable" }, element("h3", {}, "Pedals and buttons"), ...rows);
  }

  private groups(settings: Setting[]): HTMLElement[] {
    const grouped = new Map<string, Setting[]>();
    for (const setting of settings) {
      const heading = HEADINGS[setting.section] ?? labelOf(setting.section);
      grouped.set(heading, [...(grouped.get(heading) ?? []), setting]);
    }
    return [...grouped].map(([heading, members]) =>
      element("section", { class: "group" }, element("h3", {}, heading), ...members.map((setting) => this.row(setting))),
    );
  }

  private row(setting: Setting): HTMLElement {
    const control = controlOf(setting, (value) => void this.change(setting.name, value));
    this.controls.set(setting.name, control);
    control.row.append(this.learning.buttonFor(setting.name, labelOf(setting.name)));
    return control.row;
  }

  private async change(name: string, value: Value): Promise<void> {
    try {
      await this.steering.set(name, value);
    } catch (error) {
      this.showWhatHolds();
      this.onRefused((error as Error).message);
    }
  }

  private tellAbout(event: Event): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-about]") : null;
    if (!row) return;
    this.about.replaceChildren(...wording(row.dataset.about ?? ""));
    this.about.classList.add("told");
  }
}
