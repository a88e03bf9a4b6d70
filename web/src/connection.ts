/** The line to the daemon: it comes back by itself, and says when it is gone. It knows nothing of music. */

import { DaemonClock } from "./clocks";
import type { Asked, FromDaemon, Outcome, PageSeconds, ToDaemon } from "./protocol";

const FIRST_PAUSE = 0.5;
const LONGEST_PAUSE = 8;
/** How often the daemon is asked what time it is: quickly at first, until the clock is known. */
const CLOCK_EVERY = 5;
const CLOCK_AT_FIRST = [0, 0.1, 0.2, 0.4, 0.8, 1.6];
/** A daemon that says nothing for so long is gone, even where nobody has closed the line. */
const SILENCE = 6;

export interface Listener {
  /** Something was said. */
  told(message: FromDaemon): void;
  /** The line is there, or is gone; then `again` is in how many seconds the next attempt is made. */
  line(there: boolean, again: number): void;
}

/** What an attempt is made of; a test brings its own. */
export interface World {
  open(): WebSocket;
  now(): PageSeconds;
  after(seconds: number, action: () => void): () => void;
}

export class Connection {
  readonly clock = new DaemonClock();
  private socket: WebSocket | undefined;
  private pause = FIRST_PAUSE;
  private cancels: (() => void)[] = [];
  private nextId = 1;
  private lastWord: PageSeconds = 0;
  private readonly asked = new Map<number, (outcome: Omit<Outcome, "type" | "id">) => void>();
  private readonly clockAsked = new Map<number, PageSeconds>();

  constructor(
    private readonly listener: Listener,
    private readonly world: World = browser,
  ) {}

  get isThere(): boolean {
    return this.socket?.readyState === 1;
  }

  /** Connect, and stay connected from now on. */
  open(): void {
    const socket = this.world.open();
    this.socket = socket;
    this.lastWord = this.world.now();
    socket.onopen = () => this.opened();
    socket.onmessage = (message: MessageEvent<string>) => this.told(JSON.parse(message.data) as FromDaemon);
    socket.onclose = () => this.lost(socket);
    this.later(SILENCE, () => this.listen(socket));
  }

  /** Say something, or nothing where nobody is there: what is played then is not kept for later. */
  say(message: ToDaemon): void {
    if (this.isThere) this.socket?.send(JSON.stringify(message));
  }

  /**
   * Ask for something, and return what has come of it.
   *
   * @throws Error: it was refused; the sentence says why.
   */
  async ask(what: Asked): Promise<Omit<Outcome, "type" | "id">> {
    if (!this.isThere) throw new Error("Antiphon is not there; try again when it is back.");
    const id = this.nextId++;
    const outcome = await new Promise<Omit<Outcome, "type" | "id">>((resolve) => {
      this.asked.set(id, resolve);
      this.socket?.send(JSON.stringify({ ...what, id }));
    });
    if (outcome.error) throw new Error(outcome.error);
    return outcome;
  }

  private opened(): void {
    this.pause = FIRST_PAUSE;
    this.clock.reset();
    for (const delay of CLOCK_AT_FIRST) this.later(delay, () => this.askTime());
    this.later(CLOCK_EVERY, () => this.askTimeForEver());
    this.listener.line(true, 0);
  }

  private told(message: FromDaemon): void {
    const now = this.world.now();
    this.lastWord = now;
    if (message.type === "clock") {
      const asked = this.clockAsked.get(message.id);
      if (asked !== undefined) this.clock.answered(asked, message.now, now);
      this.clockAsked.delete(message.id);
    } else if (message.type === "outcome") {
      this.asked.get(message.id)?.(message);
      this.asked.delete(message.id);
    } else {
      // Better than nothing until the first question is answered: half a second may be on its way.
      if (message.type === "hello") this.clock.answered(now - 0.5, message.now, now + 0.5);
      this.listener.told(message);
    }
  }

  private lost(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.socket = undefined;
    for (const cancel of this.cancels) cancel();
    this.cancels = [];
    this.clockAsked.clear();
    for (const resolve of this.asked.values()) resolve({ error: "Antiphon went away before it answered." });
    this.asked.clear();
    this.listener.line(false, this.pause);
    this.world.after(this.pause, () => this.open());
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
  }

  /** Give up a line on which nothing comes any more. */
  private listen(socket: WebSocket): void {
    const silent = this.world.now() - this.lastWord;
    if (silent < SILENCE) return this.later(SILENCE - silent, () => this.listen(socket));
    socket.close();
    this.lost(socket);
  }

  private askTimeForEver(): void {
    this.askTime();
    this.later(CLOCK_EVERY, () => this.askTimeForEver());
  }

  private askTime(): void {
    const id = this.nextId++;
    this.clockAsked.set(id, this.world.now());
    this.say({ type: "clock", id });
  }

  private later(seconds: number, action: () => void): void {
    const cancel = this.world.after(seconds, () => {
      this.cancels = this.cancels.filter((each) => each !== cancel);
      action();
    });
    this.cancels.push(cancel);
  }
}

const browser: World = {
  open: () => new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/live`),
  now: () => performance.now() / 1000,
  after(seconds, action) {
    const timer = setTimeout(action, seconds * 1000);
    return () => clearTimeout(timer);
  },
};
