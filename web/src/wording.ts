/** What the daemon says, as the page shows it: what is to be typed stands between backticks, and is code here. */

import { element } from "./element";

export interface Piece {
  text: string;
  isCode: boolean;
}

/** The pieces of a sentence, in order; a backtick that is alone is one of its letters. */
export function piecesOf(sentence: string): Piece[] {
  const texts = sentence.split(/`([^`]+)`/);
  return texts.map((text, number) => ({ text, isCode: number % 2 === 1 })).filter(({ text }) => text !== "");
}

/** A sentence, ready to be put on the page. */
export function wording(sentence: string): (Node | string)[] {
  return piecesOf(sentence).map(({ text, isCode }) => (isCode ? element("code", {}, text) : text));
}
