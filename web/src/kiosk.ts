/** A screen in a room, `?kiosk`: the whole of it, nothing to steer, and back to the start when nobody plays. */

import { byId } from "./element";

export function isKiosk(): boolean {
  return new URLSearchParams(location.search).has("kiosk");
}

export class Kiosk {
  private readonly start = byId("start", HTMLElement);
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param idle how long nothing happens before it goes back to the start, in seconds.
   * @param onIdle is called then.
   */
  constructor(
    private readonly idle: () => number,
    private readonly onIdle: () => void,
  ) {
    document.body.classList.add("kiosk");
    this.showStart(true);
    byId("begin", HTMLButtonElement).addEventListener("click", () => void this.begin());
    for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => this.somebodyIsThere());
  }

  /** Somebody plays, on whatever keyboard. */
  somebodyIsThere(): void {
    this.showStart(false);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.backToStart(), this.idle() * 1000);
  }

  backToStart(): void {
    clearTimeout(this.timer);
    this.onIdle();
    this.showStart(true);
  }

  private showStart(isShown: boolean): void {
    this.start.hidden = !isShown;
    // Nobody tabs into what lies behind it.
    for (const behind of document.querySelectorAll<HTMLElement>("header, main")) behind.inert = isShown;
  }

  private async begin(): Promise<void> {
    this.somebodyIsThere();
    // A browser that refuses the whole screen shows the page as it is.
    await document.documentElement.requestFullscreen?.().catch(() => undefined);
  }
}
