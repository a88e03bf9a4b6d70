/** The page put together: who plays is heard and told of, and what the daemon tells is drawn and sounds. */

import "./fonts.css";
import "./page.css";
import { AnswerButton } from "./answer-button";
import { DaemonArchive } from "./archive";
import { ComputerKeys } from "./computer-keys";
import { Connection } from "./connection";
import { labelOf } from "./control";
import { Controls } from "./controls";
import { byId } from "./element";
import { Examination } from "./examination";
import { Figures } from "./figures";
import { Hands } from "./hands";
import { isKiosk, Kiosk } from "./kiosk";
import { followLevels } from "./levels";
import { Notices } from "./notice";
import { Piano } from "./piano";
import type { Asked, DaemonSeconds, FromDaemon, Hello, PageSeconds, Pitch, Player, State, Turn, Value } from "./protocol";
import { RangeStrip } from "./range-strip";
import { Roll } from "./roll";
import { Score } from "./score";
import { Sessions } from "./sessions";
import { Sheets } from "./sheets";
import { SoundPanel } from "./sound-panel";
import { Synth } from "./synth";
import { TurnSign } from "./turn-sign";

/** Its notes are drawn and sound so much after they were due, which leaves them time to arrive. */
const CUSHION: PageSeconds = 0.04;
/** Where a screen with few keys begins. */
const FIRST_KEY: Pitch = 48;
/** What the daemon calls whoever asks by way of a page. */
const OURSELVES = "the page";
/** When a kiosk goes back to its start, where the daemon has no say in it. */
const IDLE_SECONDS = 60;

class Page {
  private readonly notices = new Notices();
  private readonly score = new Score();
  private readonly roll = new Roll(byId("roll", HTMLCanvasElement), this.score);
  private readonly sign = new TurnSign();
  private readonly figures = new Figures();
  private readonly examination = new Examination(() => this.examine());
  private readonly synth = new Synth();
  private readonly connection = new Connection({ told: (message) => this.told(message), line: (there, again) => this.line(there, again) });
  private readonly hands = new Hands({
    press: (pitch, velocity) => this.press(pitch, velocity),
    release: (pitch) => this.release(pitch),
    pedal: (value) => this.pedal(value),
  });
  private readonly strip = new RangeStrip((lowest) => this.piano.show(lowest));
  private readonly piano = new Piano(byId("piano", HTMLElement), this.hands, () => this.rangeMoved());
  private readonly keys = new ComputerKeys(this.hands, () => this.piano.hint(this.keys.hints));
  private readonly steering = {
    set: (name: string, value: Value) => this.request("set", { settings: { [name]: value } }),
    ask: (name: "learn" | "unlearn", what: string) => this.request(name, { what }),
  };
  private readonly controls = new Controls(byId("settings", HTMLElement), this.steering, (why) => this.notices.tell(why));
  private readonly answerButton = new AnswerButton(
    () => this.ask({ type: "request", name: "trigger", values: {} }),
    (on) => this.connection.say({ type: "hold", on }),
  );
  private readonly archive = new DaemonArchive(this.connection);
  private readonly sessions = new Sessions(this.archive, this.synth, (why) => this.notices.tell(why));
  private readonly kiosk = isKiosk() ? new Kiosk(() => this.idleSeconds(), () => this.silence()) : undefined;

  constructor() {
    new SoundPanel(this.synth, this.hands, (why) => this.notices.tell(why));
    this.tendButtons();
    followLevels(this.synth);
    this.piano.show(FIRST_KEY);
    this.keys.moveTo(FIRST_KEY);
    const sheets = new Sheets((name) => name === "sessions" && void this.sessions.refresh());
    if (!this.kiosk) sheets.restore();
    // What a page cannot see it does not hold down.
    document.addEventListener("visibilitychange", () => document.hidden && this.lift());
    addEventListener("pagehide", () => this.lift());
    this.tellOfSound();
    this.synth.context.addEventListener("statechange", () => this.tellOfSound());
    forgetToken();
    this.connection.open();
  }

  private tendButtons(): void {
    const on = (id: string, action: () => void): void => byId(id, HTMLElement).addEventListener("click", action);
    on("panic", () => this.panic());
    on("save", () => this.ask({ type: "request", name: "save", values: {} }, "Saved: it starts like this from now on."));
    on("learn", () => this.teach());
    on("keep", () => void this.keep());
    on("allow", () => void this.synth.allow());
    on("octave-down", () => this.moveKeys(-12));
    on("octave-up", () => this.moveKeys(12));
    on("sustain", () => this.hands.pedal("button", byId("sustain", HTMLElement).getAttribute("aria-pressed") !== "true"));
  }

  /** Ask for something, and say what became of it where there is something to say. */
  private ask(what: Asked, done = ""): void {
    this.connection.ask(what).then(
      () => done && this.notices.tell(done),
      (error: Error) => this.notices.tell(error.message),
    );
  }

  private showMode(): void {
    const mode = this.controls.value("play.mode");
    this.sign.setMode(mode);
    this.answerButton.setMode(mode);
  }

  private lift(): void {
    this.hands.lift();
    this.answerButton.lift();
  }

  private examine(): void {
    this.connection.ask({ type: "request", name: "doctor", values: {} }).catch((error: Error) => {
      this.examination.giveUp();
      this.notices.tell(error.message);
    });
  }

  private panic(): void {
    this.hands.lift();
    this.silence();
    this.ask({ type: "request", name: "panic", values: {} });
  }

  private async keep(): Promise<void> {
    try {
      await this.archive.keepTheLast();
      this.notices.tell("Kept: the last two minutes are a recording of their own.");
      await this.sessions.refresh();
    } catch (error) {
      this.notices.tell((error as Error).message);
    }
  }

  private async request(name: string, values: Record<string, unknown>): Promise<void> {
    await this.connection.ask({ type: "request", name, values });
  }

  private teach(): void {
    const button = byId("learn", HTMLElement);
    const isTaught = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isTaught));
    this.controls.teach(isTaught);
  }

  private moveKeys(by: number): void {
    this.piano.show(this.piano.range.lowest + by);
    this.keys.moveTo(this.keys.base + by);
  }

  private rangeMoved(): void {
    this.roll.alignWith(this.piano.keys);
    this.strip.show(this.piano.range);
  }

  private press(pitch: Pitch, velocity: number): void {
    this.connection.say({ type: "press", pitch, velocity });
    this.synth.press("you", pitch, velocity);
    this.piano.light("you", pitch, true);
  }

  private release(pitch: Pitch): void {
    this.connection.say({ type: "release", pitch });
    this.synth.release("you", pitch);
    this.piano.light("you", pitch, false);
  }

  private pedal(value: number): void {
    this.connection.say({ type: "pedal", value });
    this.synth.pedal("you", value >= 64);
    byId("sustain", HTMLElement).setAttribute("aria-pressed", String(value >= 64));
  }

  private line(isThere: boolean, again: number): void {
    this.sign.setThere(isThere);
    this.notices.tellGone(isThere ? "" : `Antiphon is not there. Trying again ${again < 1 ? "now" : `in ${again} s`} …`);
    if (isThere) return this.connection.say({ type: "watch", expect: true });
    this.silence();
    this.showTurn("nobody");
  }

  /** End whatever sounds and is drawn as sounding in this page. */
  private silence(): void {
    this.hands.lift();
    this.sessions.stop();
    this.synth.silence();
    this.score.endAll(performance.now() / 1000);
    this.piano.darken();
  }

  private told(message: FromDaemon): void {
    switch (message.type) {
      case "hello": return this.greeted(message);
      case "state": return this.showState(message);
      case "heard": return this.note("you", this.moment(message.at), message.pitch, message.velocity);
      case "sent": return this.sent(message.due, message.pitch, message.velocity);
      case "upcoming": return this.score.plan(message.notes.map(([due, pitch, velocity]) => [this.moment(due) + CUSHION, pitch, velocity]));
      case "up": return this.up(this.moment(message.at));
      case "turn": return this.showTurn(message.whose);
      case "expect": return this.piano.expect(message.pitches);
      case "settings": return this.settingsChanged(message.changes, message.source);
      case "notice": return this.noticed(message.what);
      case "port": return this.notices.tell(`${message.name || "A port"} ${message.lost ? "is gone; it is waited for." : "is there."}`);
      case "findings": return this.examination.show(message.findings);
      case "error": return this.failed(message.text);
    }
  } // prettier-ignore

  private greeted({ settings, state }: Hello): void {
    this.controls.lay(settings);
    this.showMode();
    this.showState(state);
    this.showTurn(state.turn);
  }

  private showState(state: State): void {
    this.sign.showHeard(state);
    this.figures.show(state, this.connection.clock.journey);
  }

  private showTurn(turn: Turn): void {
    this.roll.turn = turn;
    this.sign.show(turn);
    if (turn !== "you") this.piano.expect([]);
  }

  private moment(at: DaemonSeconds): PageSeconds {
    return this.connection.clock.toPage(at);
  }

  private note(player: Player, at: PageSeconds, pitch: Pitch, velocity: number): void {
    document.body.classList.add("played");
    if (velocity > 0) this.score.press(player, pitch, velocity, at);
    else this.score.release(player, pitch, at);
    this.piano.light(player, pitch, velocity > 0);
    if (player === "you") this.kiosk?.somebodyIsThere();
  }

  private sent(due: DaemonSeconds, pitch: Pitch, velocity: number): void {
    const at = this.moment(due) + CUSHION;
    if (velocity > 0) this.synth.press("it", pitch, velocity, at);
    else this.synth.release("it", pitch, at);
    this.note("it", at, pitch, velocity);
  }

  private up(at: PageSeconds): void {
    for (let pitch = 0; pitch < 128; pitch++) {
      this.score.release("you", pitch, at);
      this.piano.light("you", pitch, false);
    }
  }

  private settingsChanged(changes: Record<string, Value>, source: string): void {
    this.controls.show(changes);
    this.showMode();
    if (source === OURSELVES) return;
    this.controls.point(Object.keys(changes));
    this.notices.tell(`Changed by ${source}: ${Object.keys(changes).map(labelOf).join(", ")}.`);
  }

  private failed(sentence: string): void {
    this.controls.showWhatHolds();
    this.notices.tell(sentence);
  }

  private noticed(what: string): void {
    if (what === "player left") this.kiosk?.backToStart();
  }

  private idleSeconds(): number {
    return Number(this.controls.value("turn.absence") ?? IDLE_SECONDS);
  }

  private tellOfSound(): void {
    byId("allow", HTMLElement).hidden = this.synth.isAllowed;
  }
}

/** Take the token out of the address, where it would be seen, kept and passed on. */
function forgetToken(): void {
  const address = new URL(location.href);
  if (!address.searchParams.has("token")) return;
  address.searchParams.delete("token");
  history.replaceState(null, "", address);
}

new Page();
