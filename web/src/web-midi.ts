/** MIDI keyboards at the browser, where it lets pages have them. */

import type { Hands } from "./hands";

const [NOTE_OFF, NOTE_ON, CONTROL, SUSTAIN] = [0x80, 0x90, 0xb0, 64];

export function hasWebMidi(): boolean {
  return "requestMIDIAccess" in navigator;
}

/**
 * Hear every keyboard that is or will be plugged in.
 *
 * @param onNames is called with their names, now and when they change.
 * @throws Error: the player or the browser refused.
 */
export async function hearKeyboards(hands: Hands, onNames: (names: string[]) => void): Promise<void> {
  const access = await navigator.requestMIDIAccess();
  const look = (): void => {
    const inputs = [...access.inputs.values()].filter((input) => input.state === "connected");
    for (const input of inputs) input.onmidimessage = (event) => event.data && play(hands, input.id, event.data);
    onNames(inputs.map((input) => input.name ?? "a keyboard"));
  };
  access.onstatechange = ({ port }) => {
    if (port?.state === "disconnected") hands.lift(`midi ${port.id}`);
    look();
  };
  look();
}

/** Do what a message of a keyboard says. */
export function play(hands: Hands, id: string, [status = 0, first = 0, second = 0]: Uint8Array): void {
  const finger = `midi ${id}`;
  const kind = status & 0xf0;
  if (kind === NOTE_ON && second > 0) hands.press(finger, first, second);
  else if (kind === NOTE_ON || kind === NOTE_OFF) hands.release(finger, first);
  else if (kind === CONTROL && first === SUSTAIN) hands.pedal(finger, second >= 64);
}
