/** Which knob, pedal or key of the player's does what: shown beside each setting, learnt there and freed. */

import { element } from "./element";

export type Bindings = Record<string, string>;

/** What may be done that is no setting, and what it is called. */
export const ACTIONS: Record<string, string> = { hold: "Hold", panic: "Panic", trigger: "Answer now", save: "Save" };

/** What the daemon also knows settings by. */
const SHORT_FOR: Record<string, string> = { mode: "play.mode", mood: "play.mood", engine: "engine.kind" };

/** How long a lesson lasts, in milliseconds; so long the daemon waits. */
const PATIENCE = 60_000;

/** The controls that do something, as one would call them: `CC 20`, `Note 21`. */
export function boundTo(bindings: Bindings, what: string): string[] {
  const isMeant = (target: string): boolean => {
    const [name = ""] = target.split(" ");
    return (SHORT_FOR[name] ?? name) === what;
  };
  return Object.entries(bindings).flatMap(([source, target]) => (isMeant(target) ? [nameOfControl(source)] : []));
}

function nameOfControl(source: string): string {
  return source.startsWith("cc") ? `CC${source.slice(2)}` : source.charAt(0).toUpperCase() + source.slice(1);
}

/** @throws Error: it was refused; the sentence says why. */
export type Ask = (request: "learn" | "unlearn", what: string) => Promise<void>;

export class Learning {
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private readonly labels = new Map<string, string>();
  private bindings: Bindings = {};
  private waitsFor = "";
  private alarm = 0;

  constructor(
    private readonly ask: Ask,
    private readonly onRefused: (sentence: string) => void,
  ) {}

  /** The button of a setting, or of an action. */
  buttonFor(what: string, label: string): HTMLButtonElement {
    const button = element("button", { type: "button", class: "learn", "data-learn": what, click: () => void this.press(what) });
    this.buttons.set(what, button);
    this.labels.set(what, label);
    this.draw(what);
    return button;
  }

  /** Show what is bound from now on; that ends a lesson. */
  show(bindings: Bindings): void {
    this.bindings = bindings;
    this.wait("");
  }

  private async press(what: string): Promise<void> {
    const isFree = this.waitsFor !== what && boundTo(this.bindings, what).length === 0;
    this.wait(isFree ? what : "");
    try {
      await this.ask(isFree ? "learn" : "unlearn", what);
    } catch (error) {
      this.wait("");
      this.onRefused((error as Error).message);
    }
  }

  private wait(what: string): void {
    clearTimeout(this.alarm);
    this.waitsFor = what;
    if (what) this.alarm = window.setTimeout(() => this.wait(""), PATIENCE);
    for (const each of this.buttons.keys()) this.draw(each);
  }

  private draw(what: string): void {
    const button = this.buttons.get(what);
    if (!button) return;
    const [bound, label, waits] = [boundTo(this.bindings, what), this.labels.get(what) ?? what, this.waitsFor === what];
    button.textContent = waits ? "Move a control …" : bound.length > 0 ? `${bound.join(", ")} ×` : "Learn";
    button.classList.toggle("waits", waits);
    const act = waits ? `Wait no longer for a control of ${label}` : bound.length > 0 ? `Free ${bound.join(" and ")} of ${label}` : `Learn a control for ${label}`;
    button.setAttribute("aria-label", act);
  }
}
