/**
 * The piano roll: paper that rises out of the keyboard. Just above the keys is what is about to sound, in outline;
 * at the line it sounds, and above the line it is past.
 */

import { isBlack, type Key, keysOf, WHOLE } from "./keyboard-layout";
import type { PageSeconds, Pitch, Player, Turn } from "./protocol";
import type { Note, Planned, Score } from "./score";

/** How much of the future is shown, and how much of all time. */
const FUTURE: PageSeconds = 0.5;
const SHOWN: PageSeconds = 6;
/** Where movement is unwelcome the paper stands still and is moved on by so much at once. */
const STEP: PageSeconds = 3;
const LEAST_HEIGHT = 3;

interface Colours {
  you: string;
  it: string;
  line: string;
  shade: string;
  octave: string;
}

/** What holds for one picture. */
interface Picture {
  ink: CanvasRenderingContext2D;
  now: PageSeconds;
  /** The moment at the lower edge. */
  bottom: PageSeconds;
  width: number;
  height: number;
}

export class Roll {
  turn: Turn = "nobody";
  private keys: ReadonlyMap<Pitch, Key> = new Map();
  private colours: Colours | undefined;
  private readonly stands = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly score: Score,
  ) {
    this.alignWith(keysOf(WHOLE));
    new ResizeObserver(() => this.resize()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (this.colours = undefined));
    const draw = (): void => {
      this.draw(performance.now() / 1000);
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  }

  /** Put every note above its key, where the whole piano is shown. */
  alignWith(keys: Key[]): void {
    this.keys = new Map((keys.length === 88 ? keys : keysOf(WHOLE)).map((key) => [key.pitch, key]));
  }

  private resize(): void {
    this.canvas.width = Math.round(this.canvas.clientWidth * devicePixelRatio);
    this.canvas.height = Math.round(this.canvas.clientHeight * devicePixelRatio);
    this.colours = undefined;
  }

  private draw(now: PageSeconds): void {
    const ink = this.canvas.getContext("2d");
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!ink || width === 0) return;
    this.colours ??= coloursOf(this.canvas);
    const stood = this.stands.matches ? Math.ceil(now / STEP) * STEP : now;
    const picture = { ink, now, bottom: stood + FUTURE, width, height };
    ink.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    ink.clearRect(0, 0, width, height);
    this.drawPaper(picture);
    for (const note of this.score.planned) this.drawPlanned(picture, note);
    for (const note of this.score.since(picture.bottom - SHOWN)) this.drawNote(picture, note);
    this.drawLine(picture);
  }

  private drawPaper({ ink, width, height }: Picture): void {
    for (const key of this.keys.values()) {
      ink.fillStyle = this.colours?.shade ?? "";
      if (key.black) ink.fillRect(key.left * width, 0, key.width * width, height);
      ink.fillStyle = this.colours?.octave ?? "";
      if (key.pitch % 12 === 0) ink.fillRect(Math.round(key.left * width), 0, 1, height);
    }
  }

  private drawLine({ ink, now, bottom, width, height }: Picture): void {
    const y = heightOf(now, bottom, height);
    ink.globalAlpha = this.turn === "nobody" ? 0.5 : 0.9;
    ink.fillStyle = (this.turn === "nobody" ? this.colours?.line : this.colours?.[this.turn]) ?? "";
    ink.fillRect(0, y - 0.75, width, 1.5);
    ink.globalAlpha = 1;
  }

  private drawNote(picture: Picture, note: Note): void {
    const { ink, now } = picture;
    const isSounding = note.end === undefined || note.end > now;
    ink.globalAlpha = isSounding ? 1 : 0.35 + 0.5 * (note.velocity / 127);
    ink.fillStyle = this.colours?.[note.player] ?? "";
    this.trace(picture, note.pitch, note.begin, Math.min(note.end ?? now, now), note.player);
    ink.fill();
    ink.globalAlpha = 1;
  }

  private drawPlanned(picture: Picture, note: Planned): void {
    if (note.begin > picture.bottom) return;
    const { ink } = picture;
    ink.strokeStyle = this.colours?.it ?? "";
    ink.lineWidth = 1.25;
    this.trace(picture, note.pitch, note.begin, Math.min(note.end, picture.bottom), "it");
    ink.stroke();
    ink.globalAlpha = 0.18;
    ink.fillStyle = this.colours?.it ?? "";
    ink.fill();
    ink.globalAlpha = 1;
  }

  /** Lay a path around a note. Where both play the same one, each has half of its column. */
  private trace(picture: Picture, pitch: Pitch, begin: PageSeconds, end: PageSeconds, player: Player): void {
    const key = this.keys.get(pitch);
    if (!key) return;
    const { ink, bottom, width, height } = picture;
    const breadth = Math.max(3, (isBlack(pitch) ? key.width : 0.66 * key.width) * width);
    const left = (key.left + key.width / 2) * width - breadth / 2;
    const top = heightOf(begin, bottom, height);
    const length = Math.max(LEAST_HEIGHT, heightOf(end, bottom, height) - top);
    const shared = this.score.isSounding("you", pitch) && this.score.isSounding("it", pitch);
    ink.beginPath();
    ink.roundRect(left + (shared && player === "it" ? breadth / 2 : 0), top, shared ? breadth / 2 : breadth, length, Math.min(3, breadth / 2));
  }
}

/** How far below the upper edge a moment is. */
export function heightOf(moment: PageSeconds, bottom: PageSeconds, height: number): number {
  return height - ((bottom - moment) / SHOWN) * height;
}

function coloursOf(canvas: HTMLCanvasElement): Colours {
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`);
  return { you: colour("you"), it: colour("it"), line: colour("faint"), shade: colour("shade"), octave: colour("rule") };
}
