/** What the page and the daemon say to each other. This module holds no behaviour. */

/** Seconds on the daemon's monotonic clock. */
export type DaemonSeconds = number;
/** Seconds since the page was opened: `performance.now() / 1000`. */
export type PageSeconds = number;
/** A MIDI note number, 0 to 127. */
export type Pitch = number;

/** Who plays a note: the person, or the daemon. */
export type Player = "you" | "it";
export type Turn = Player | "nobody";

/** A table is what the controls of the player are bound to. */
export type Value = boolean | number | string | Record<string, string>;

/** What the daemon's schema says of one setting that can change while it plays, and what it is now. */
export interface Setting {
  name: string;
  section: string;
  kind: "bool" | "int" | "float" | "str" | "table";
  choices: string[];
  choices_in_words: string;
  lowest: number | null;
  highest: number | null;
  unit: string;
  description: string;
  value: Value;
}

/** How late something was since the start, in microseconds. */
export interface Delay {
  count: number;
  p50: number;
  p99: number;
  max: number;
}

/** What the daemon is doing, once a second. */
export interface State {
  type: "state";
  version: string;
  mode: string;
  engine: string;
  model: string;
  input: string;
  output: string;
  lost: ("in" | "out")[];
  turn: Turn;
  pedal_withholds: boolean;
  notes_heard: number;
  notes_played: number;
  /** As heard, such as "A minor"; null while too little was. */
  key: string | null;
  /** The last one that was played or meant, such as "Am7". */
  chord: string | null;
  /** Beats a minute that hold now; null where nobody gives a beat. */
  tempo: number | null;
  tempo_from: "clock" | "playing" | "setting" | null;
  delays: Record<string, Delay>;
  /** Of the notes of answers: microseconds, and how many were later than the one before, up to that. */
  histogram: [upTo: number, count: number][];
  doors: Record<string, string>;
  pages: number;
  now: DaemonSeconds;
}

/** One thing that the doctor has looked at, and what to do about it, any one of it. */
export interface Finding {
  name: string;
  verdict: "good" | "not needed" | "could be better" | "missing";
  value: string;
  remedies: string[];
}

export interface Hello {
  type: "hello";
  version: string;
  /** What the settings of each section are about. */
  sections: Record<string, string>;
  settings: Setting[];
  state: State;
  now: DaemonSeconds;
}

export type Planned = [due: DaemonSeconds, pitch: Pitch, velocity: number];

export type FromDaemon =
  | Hello
  | State
  | { type: "heard"; at: DaemonSeconds; pitch: Pitch; velocity: number }
  | { type: "pedal"; at: DaemonSeconds; value: number }
  | { type: "up"; at: DaemonSeconds }
  | { type: "sent"; due: DaemonSeconds; pitch: Pitch; velocity: number }
  | { type: "upcoming"; notes: Planned[] }
  | { type: "turn"; whose: Turn; reason?: string; notes?: number; seconds?: number }
  | { type: "notice"; what: string; number: number }
  | { type: "settings"; changes: Record<string, Value>; waiting: string[]; source: string }
  | { type: "port"; direction: "in" | "out"; name: string; lost: boolean }
  | { type: "findings"; findings: Finding[] }
  | { type: "error"; text: string }
  | { type: "expect"; pitches: [pitch: Pitch, probability: number][] }
  | { type: "clock"; id: number; now: DaemonSeconds }
  | Outcome;

export interface Outcome {
  type: "outcome";
  id: number;
  /** Why it was refused; left out where it was not. */
  error?: string;
  /** The session that has come of it. */
  session?: string;
}

export type ToDaemon =
  | { type: "press"; pitch: Pitch; velocity: number }
  | { type: "release"; pitch: Pitch }
  | { type: "pedal"; value: number }
  | { type: "hold"; on: boolean }
  | { type: "clock"; id: number }
  | { type: "watch"; expect: boolean };

/** What is answered with an outcome. */
export type Asked =
  | { type: "request"; name: string; values: Record<string, unknown> }
  | { type: "continue"; session: string; at: number }
  | { type: "keep"; seconds: number };

/** A session in the list of `/api/sessions`. */
export interface Session {
  id: string;
  /** Local time of the daemon, as ISO 8601 has it. */
  began: string;
  seconds: number;
  heard: number;
  played: number;
  is_going_on: boolean;
}

/** What each part of a session played, as `/api/sessions/ID` tells it. */
export interface SessionNotes extends Pick<Session, "id" | "began" | "seconds"> {
  parts: Record<Player, { notes: [at: number, length: number, pitch: Pitch, velocity: number][] }>;
}
