/** One setting as a thing to touch, made from what the schema says of it. */

import { element } from "./element";
import { nameOf } from "./keyboard-layout";
import type { Setting, Value } from "./protocol";
import { wording } from "./wording";

export interface Control {
  row: HTMLElement;
  /** Show a value that somebody else has set. */
  show(value: Value): void;
}

/** What to say of the choice that chooses nothing. */
const NO_CHOICE = "the usual";
/** Choices that fit beside each other, in letters. */
const ROOM_FOR_CHOICES = 26;
/** A range with more room than this is typed, not slid through. */
const WIDEST_SLIDER = 200;
/** How often a slider that is being moved says so, in milliseconds. */
const EVERY = 120;

/** The name of a setting as a person would write it; of `engine.kind` that is the engine. */
export function labelOf(name: string): string {
  const [section = "", own = section] = name.split(".");
  const words = (own === "kind" || own === "name" ? section : own).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A description in which other settings are called what the page calls them; `names` are those that it has. */
export function withLabels(description: string, names: ReadonlySet<string>): string {
  return description.replace(/\b[a-z]+\.[a-z_]+\b/g, (word) => (names.has(word) ? `“${labelOf(word)}”` : word));
}

/** What single values mean, where the description says so, as in "0 is as dense as you play, -1 leaves it free". */
export function meanings(description: string): Map<number, string> {
  const found = description.matchAll(/(?<!above |below )(?<![\d.])(-?\d+) (?:is|leaves it|plays) (?!the (?:lowest|highest) )([^,;]+)/g);
  return new Map([...found].map(([, value, words]) => [Number(value), words ?? ""]));
}

/** The finest step that is worth having on a slider: a round number, about two hundred of them in all. */
export function stepOf(setting: Pick<Setting, "kind" | "lowest" | "highest">): number {
  if (setting.kind === "int") return 1;
  const ideal = ((setting.highest ?? 1) - (setting.lowest ?? 0)) / WIDEST_SLIDER;
  const power = 10 ** Math.floor(Math.log10(ideal));
  return Number(([1, 2, 5, 10].find((step) => step * power >= ideal * 0.99) ?? 10) * power).valueOf();
}

/** A number with its unit, or what it means. */
export function inWords(value: number, setting: Pick<Setting, "description" | "unit">): string {
  const meaning = meanings(setting.description).get(value);
  if (meaning !== undefined) return meaning;
  if (setting.unit === "MIDI note" && value >= 0) return nameOf(Math.round(value));
  return [Number(value.toFixed(3)), setting.unit].filter((part) => part !== "").join(" ");
}

/** Make the control of a setting; `onChange` is called with what the player chooses. */
export function controlOf(setting: Setting, onChange: (value: Value) => void): Control {
  if (setting.kind === "bool") return switchOf(setting, onChange);
  if (setting.choices.length > 0) {
    const isShort = setting.choices.map((choice) => choice || NO_CHOICE).join("  ").length <= ROOM_FOR_CHOICES;
    return isShort ? choicesOf(setting, onChange) : listOf(setting, onChange);
  }
  const span = (setting.highest ?? Infinity) - (setting.lowest ?? -Infinity);
  if (setting.kind !== "str" && span <= WIDEST_SLIDER) return sliderOf(setting, onChange);
  return fieldOf(setting, onChange);
}

function described(setting: Setting): Record<string, string> {
  return { id: idOf(setting), "aria-describedby": `${idOf(setting)}-about` };
}

function idOf(setting: Setting): string {
  return `set-${setting.name.replace(".", "-")}`;
}

/** A row: what it is called, what it is set with, and for those who ask, what it means. */
function rowOf(setting: Setting, kind: string, ...children: Node[]): HTMLElement {
  const may = setting.choices_in_words && setting.choices.length === 0 ? `; it may be: ${setting.choices_in_words}` : "";
  const about = setting.description.charAt(0).toUpperCase() + setting.description.slice(1) + may;
  const unseen = element("span", { class: "unseen", id: `${idOf(setting)}-about` }, ...wording(about));
  return element("div", { class: `control ${kind}`, "data-setting": setting.name, "data-about": `${about}.` }, ...children, unseen);
}

function labelFor(setting: Setting): HTMLElement {
  return element("label", { for: idOf(setting) }, labelOf(setting.name));
}

function switchOf(setting: Setting, onChange: (value: Value) => void): Control {
  const box = element("input", { type: "checkbox", role: "switch", ...described(setting) });
  box.addEventListener("change", () => onChange(box.checked));
  const row = rowOf(setting, "switch", labelFor(setting), box);
  return { row, show: (value) => (box.checked = Boolean(value)) };
}

function choicesOf(setting: Setting, onChange: (value: Value) => void): Control {
  const radios = setting.choices.map((choice) =>
    element("input", { type: "radio", name: idOf(setting), value: choice, change: () => onChange(choice) }),
  );
  const labels = radios.map((radio) => element("label", {}, radio, element("span", {}, radio.value || NO_CHOICE)));
  const group = element("div", { class: "choices", role: "radiogroup", "aria-label": labelOf(setting.name), ...described(setting) }, ...labels);
  const row = rowOf(setting, "choice", element("span", { class: "label" }, labelOf(setting.name)), group);
  return {
    row,
    show(value) {
      for (const radio of radios) radio.checked = radio.value === value;
    },
  };
}

function listOf(setting: Setting, onChange: (value: Value) => void): Control {
  const options = setting.choices.map((choice) => element("option", { value: choice }, choice || NO_CHOICE));
  const list = element("select", described(setting), ...options);
  list.addEventListener("change", () => onChange(list.value));
  return { row: rowOf(setting, "list", labelFor(setting), list), show: (value) => (list.value = String(value)) };
}

function sliderOf(setting: Setting, onChange: (value: Value) => void): Control {
  const [lowest, highest] = [setting.lowest ?? 0, setting.highest ?? 1];
  const slider = element("input", { type: "range", min: lowest, max: highest, step: stepOf(setting), ...described(setting) });
  const output = element("output", { for: idOf(setting) });
  const draw = (value: number): void => {
    output.value = inWords(value, setting);
    slider.setAttribute("aria-valuetext", output.value);
    slider.style.setProperty("--fill", `${(100 * (value - lowest)) / (highest - lowest)}%`);
  };
  const tell = seldom(() => onChange(slider.valueAsNumber));
  slider.addEventListener("input", () => {
    draw(slider.valueAsNumber);
    tell();
  });
  return {
    row: rowOf(setting, "slider", labelFor(setting), output, slider),
    show(value) {
      // Somebody who is moving it has the last word.
      if (slider.matches(":active")) return;
      slider.value = String(value);
      draw(Number(value));
    },
  };
}

function fieldOf(setting: Setting, onChange: (value: Value) => void): Control {
  const isNumber = setting.kind !== "str";
  const range = { min: setting.lowest ?? false, max: setting.highest ?? false, step: setting.kind === "int" ? 1 : "any" };
  const field = element("input", { type: isNumber ? "number" : "text", autocomplete: "off", spellcheck: "false", ...(isNumber ? range : {}), ...described(setting) });
  field.addEventListener("change", () => {
    if (field.value !== "" || !isNumber) onChange(isNumber ? field.valueAsNumber : field.value);
  });
  const unit = element("span", { class: "unit" }, setting.unit);
  return { row: rowOf(setting, isNumber ? "field" : "words", labelFor(setting), field, unit), show: (value) => (field.value = String(value)) };
}

/** Call something at once, then at most every so often, and in any case after the last time that it was wanted. */
function seldom(action: () => void): () => void {
  let isResting = false;
  let isWanted = false;
  const act = (): void => {
    isResting = true;
    isWanted = false;
    action();
    setTimeout(() => {
      isResting = false;
      if (isWanted) act();
    }, EVERY);
  };
  return () => {
    isWanted = true;
    if (!isResting) act();
  };
}
