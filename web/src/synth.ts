/**
 * What is heard in the browser: a sampled grand piano for each of the two players, in a small room.
 *
 * Notes have moments on the page's clock and are handed to the sound card with theirs. A note that has no moment
 * sounds at once. Nothing is begun while the browser allows no sound, so that nothing is caught up on later.
 */

import { SampleLoader, Sampler, Scheduler, type Smplr, type SmplrPreset } from "smplr";
import { AudioClock } from "./clocks";
import type { PageSeconds, Pitch, Player } from "./protocol";

/** The recorded notes, upwards; each is played by its neighbours too, at another speed. */
const RECORDED: [name: string, pitch: Pitch][] = [
  ["A0", 21], ["Ds1", 27], ["A1", 33], ["Ds2", 39], ["A2", 45], ["C3", 48], ["Ds3", 51], ["Fs3", 54], ["A3", 57],
  ["C4", 60], ["Ds4", 63], ["Fs4", 66], ["A4", 69], ["C5", 72], ["Ds5", 75], ["Fs5", 78], ["A5", 81], ["Ds6", 87],
  ["A6", 93], ["Ds7", 99], ["A7", 105], ["C8", 108],
]; // prettier-ignore

/** Where Vite has put the recordings. */
const FILES = import.meta.glob<string>("./piano-samples/*.mp3", { query: "?url", import: "default", eager: true });

/** How long a damper takes to silence a string, from the bottom of the piano to its top. */
const [LOW_RELEASE, HIGH_RELEASE] = [0.45, 0.2];
/** An onset that is later than this is left out: it would only confuse. */
const TOO_LATE: PageSeconds = 0.3;
/** Handed to the sound card at once, however far ahead: what waits elsewhere could not be stopped any more. */
const LOOKAHEAD_MS = 60_000;
/** The recordings are of a piano that is played softly, in a wide hall. */
const LOUDEST = 6;
/** Below this a piano counts as silent. */
const FLOOR_DECIBELS = -60;
/** The two sit a little apart. */
const PLACES: Record<Player, number> = { you: -0.2, it: 0.2 };

export function preset(): SmplrPreset {
  const edges = RECORDED.map(([, pitch], index) => Math.floor((pitch + (RECORDED[index + 1]?.[1] ?? 300)) / 2));
  const regions = RECORDED.map(([sample, pitch], index): SmplrPreset["groups"][number]["regions"][number] => ({
    sample,
    pitch,
    keyRange: [index === 0 ? 0 : (edges[index - 1] ?? 0) + 1, Math.min(127, edges[index] ?? 127)],
    ampRelease: LOW_RELEASE + ((HIGH_RELEASE - LOW_RELEASE) * (pitch - 21)) / 87,
  }));
  const map = Object.fromEntries(
    RECORDED.map(([name]) => [name, (FILES[`./piano-samples/${name}.mp3`] ?? "").replace(/^\/|\.mp3$/g, "")]),
  );
  return { samples: { baseUrl: "/", formats: ["mp3"], map }, groups: [{ regions }] };
}

/** Hard strokes are brighter than soft ones. */
export function brightness(velocity: number): number {
  return 1100 * 2 ** (4.4 * (velocity / 127));
}

/** A level as a meter shows it, from 0, silence, to 1, as loud as can be. */
export function levelOf(decibels: number): number {
  return Math.min(1, Math.max(0, 1 - decibels / FLOOR_DECIBELS));
}

export class Synth {
  readonly context = new AudioContext({ latencyHint: "interactive" });
  /** Resolves when every note can be heard. */
  readonly ready: Promise<void>;
  private readonly clock = new AudioClock();
  private readonly volume = new GainNode(this.context);
  private readonly voices: Record<Player, Voice>;
  private readonly first = new Set<Pitch>();

  constructor() {
    const limiter = new DynamicsCompressorNode(this.context, { threshold: -12, ratio: 5, attack: 0.002 });
    const room = new ConvolverNode(this.context, { buffer: roomOf(this.context) });
    const echo = new GainNode(this.context, { gain: 0.16 });
    this.volume.connect(limiter).connect(this.context.destination);
    this.volume.connect(room).connect(echo).connect(limiter);
    this.voices = { you: new Voice(this.volume, PLACES.you), it: new Voice(this.volume, PLACES.it) };
    this.ready = this.load();
    this.context.addEventListener("statechange", () => this.clock.reset());
    // As soon as the player touches anything, the browser allows sound.
    for (const event of ["pointerdown", "pointerup", "keydown"]) addEventListener(event, () => void this.allow(), true);
  }

  /** Whether the browser lets it be heard. */
  get isAllowed(): boolean {
    return this.context.state === "running";
  }

  /** Ask the browser for sound, which it gives after a touch of the player's. */
  async allow(): Promise<void> {
    if (!this.isAllowed) await this.context.resume();
  }

  press(player: Player, pitch: Pitch, velocity: number, at?: PageSeconds): void {
    if (!this.isAllowed && player === "you") return void this.pressFirst(pitch, velocity);
    if (!this.isAllowed || (at !== undefined && at < performance.now() / 1000 - TOO_LATE)) return;
    this.voices[player].press(pitch, velocity, this.timeOf(at));
  }

  release(player: Player, pitch: Pitch, at?: PageSeconds): void {
    if (player === "you") this.first.delete(pitch);
    this.voices[player].release(pitch, this.timeOf(at));
  }

  pedal(player: Player, isDown: boolean): void {
    this.voices[player].pedal(isDown, this.timeOf());
  }

  /** End everything that sounds, of one player or of both. */
  silence(player?: Player): void {
    this.first.clear();
    for (const each of player ? [player] : (["you", "it"] as const)) this.voices[each].silence();
  }

  /** How loud a player is to be, 0 to 1. */
  setVolume(volume: number): void {
    this.volume.gain.setTargetAtTime(LOUDEST * volume ** 2, this.context.currentTime, 0.02);
  }

  mute(player: Player, isMuted: boolean): void {
    this.voices[player].mute(isMuted);
  }

  /** How loud a player is at this moment, 0 to 1: what an AnalyserNode behind the piano reads. */
  loudness(player: Player): number {
    return this.isAllowed ? this.voices[player].loudness() : 0;
  }

  /** Keys that a player's piano holds, those of the pedal included. */
  sounding(player: Player): number {
    return this.voices[player].sounding;
  }

  /** Begin notes with which sound is allowed, if they are still held by then: the first of a player's are heard, too. */
  private async pressFirst(pitch: Pitch, velocity: number): Promise<void> {
    const asked = performance.now() / 1000;
    this.first.add(pitch);
    await this.allow();
    if (this.first.delete(pitch)) this.press("you", pitch, velocity, asked);
  }

  private async load(): Promise<void> {
    // Fetched and decoded once, for both.
    const loader = SampleLoader(this.context);
    await loader.load(preset());
    await Promise.all([this.voices.you.fill(loader), this.voices.it.fill(loader)]);
  }

  private timeOf(at?: PageSeconds): number {
    this.clock.read(performance.now() / 1000, this.context.currentTime);
    return at === undefined ? this.context.currentTime : Math.max(this.clock.toAudio(at), this.context.currentTime);
  }
}

/** One player's piano. Its moments are the sound card's. */
class Voice {
  private readonly analyser: AnalyserNode;
  private readonly samples: Float32Array<ArrayBuffer>;
  private readonly gain: GainNode;
  /** Undefined until its recordings are there. */
  private piano: Smplr | undefined;
  private readonly held = new Map<Pitch, string>();
  private readonly sustained = new Set<string>();
  private isPedalDown = false;
  private strokes = 0;

  constructor(destination: AudioNode, place: number) {
    const { context } = destination;
    this.gain = new GainNode(context);
    this.analyser = new AnalyserNode(context, { fftSize: 1024 });
    this.samples = new Float32Array(this.analyser.fftSize);
    this.gain.connect(new StereoPannerNode(context, { pan: place })).connect(destination);
    this.gain.connect(this.analyser);
  }

  async fill(loader: SampleLoader): Promise<void> {
    const { context } = this.gain;
    const scheduler = Scheduler(context as AudioContext, { lookaheadMs: LOOKAHEAD_MS });
    const options = { preset: preset(), loader, scheduler, destination: this.gain, volume: 110 };
    const piano = Sampler(context as AudioContext, options);
    await piano.ready;
    this.piano = piano;
  }

  get sounding(): number {
    return this.held.size + this.sustained.size;
  }

  press(pitch: Pitch, velocity: number, time: number): void {
    this.release(pitch, time);
    const stroke = `${pitch}.${++this.strokes}`;
    this.held.set(pitch, stroke);
    this.piano?.start({ note: pitch, velocity, time, stopId: stroke, lpfCutoffHz: brightness(velocity) });
  }

  release(pitch: Pitch, time: number): void {
    const stroke = this.held.get(pitch);
    if (stroke === undefined) return;
    this.held.delete(pitch);
    if (this.isPedalDown) this.sustained.add(stroke);
    else this.piano?.stop({ stopId: stroke, time });
  }

  pedal(isDown: boolean, time: number): void {
    this.isPedalDown = isDown;
    if (isDown) return;
    for (const stopId of this.sustained) this.piano?.stop({ stopId, time });
    this.sustained.clear();
  }

  silence(): void {
    this.piano?.stop();
    this.held.clear();
    this.sustained.clear();
    this.isPedalDown = false;
  }

  mute(isMuted: boolean): void {
    this.gain.gain.setTargetAtTime(isMuted ? 0 : 1, this.gain.context.currentTime, 0.02);
  }

  loudness(): number {
    this.analyser.getFloatTimeDomainData(this.samples);
    const power = this.samples.reduce((sum, sample) => sum + sample * sample, 0) / this.samples.length;
    return levelOf(10 * Math.log10(power));
  }
}

/** What a small room answers to a clap: noise that fades, its high notes first. */
function roomOf(context: BaseAudioContext): AudioBuffer {
  const length = Math.round(1.5 * context.sampleRate);
  const room = context.createBuffer(2, length, context.sampleRate);
  for (const channel of [0, 1]) {
    const samples = room.getChannelData(channel);
    let smooth = 0;
    for (let index = 0; index < length; index++) {
      const age = index / length;
      smooth += (0.7 - 0.62 * age) * (Math.random() * 2 - 1 - smooth);
      samples[index] = smooth * (1 - age) ** 3.5;
    }
  }
  return room;
}
