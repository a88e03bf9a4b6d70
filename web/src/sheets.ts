/** The sheets beside the instrument, of which one at most is open. */

const KEPT_AS = "antiphon.sheet";

export class Sheets {
  private readonly buttons = [...document.querySelectorAll<HTMLButtonElement>("[aria-controls^='sheet-']")];

  /** @param onOpen is called with the name of the sheet that is opened. */
  constructor(private readonly onOpen: (name: string) => void) {
    for (const button of this.buttons) button.addEventListener("click", () => this.toggle(button));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    for (const closer of document.querySelectorAll(".close")) closer.addEventListener("click", () => this.close());
  }

  /** Open what was open last; where there is room for it beside the piano, the settings at first. */
  restore(): void {
    const isWide = matchMedia("(min-width: 70em)").matches;
    const last = localStorage.getItem(KEPT_AS) ?? "steer";
    const button = this.buttons.find((each) => each.dataset.sheet === last);
    if (isWide && button) this.show(button);
  }

  private toggle(button: HTMLButtonElement): void {
    if (button.getAttribute("aria-expanded") === "true") this.close();
    else this.show(button);
  }

  private show(button: HTMLButtonElement): void {
    for (const each of this.buttons) this.set(each, each === button);
    localStorage.setItem(KEPT_AS, button.dataset.sheet ?? "");
    this.onOpen(button.dataset.sheet ?? "");
  }

  private close(): void {
    const open = this.buttons.find((each) => each.getAttribute("aria-expanded") === "true");
    if (!open) return;
    this.set(open, false);
    localStorage.setItem(KEPT_AS, "");
    open.focus();
  }

  private set(button: HTMLButtonElement, isOpen: boolean): void {
    button.setAttribute("aria-expanded", String(isOpen));
    const sheet = document.getElementById(button.getAttribute("aria-controls") ?? "");
    if (sheet) sheet.hidden = !isOpen;
    document.body.classList.toggle("with-sheet", this.buttons.some((each) => each.getAttribute("aria-expanded") === "true"));
  }
}
