/** The daemon's recordings, as its addresses give them. */

import type { Connection } from "./connection";
import type { Session, SessionNotes } from "./protocol";
import type { Archive } from "./sessions";

/** How much is kept with "Keep the last two minutes". */
const KEPT_SECONDS = 120;

export class DaemonArchive implements Archive {
  constructor(private readonly connection: Connection) {}

  list(): Promise<Session[]> {
    return read<Session[]>("/api/sessions");
  }

  notes(id: string): Promise<SessionNotes> {
    return read<SessionNotes>(`/api/sessions/${encodeURIComponent(id)}`);
  }

  async continueFrom(session: string, at: number): Promise<void> {
    await this.connection.ask({ type: "continue", session, at });
  }

  async keepTheLast(): Promise<void> {
    await this.connection.ask({ type: "keep", seconds: KEPT_SECONDS });
  }
}

async function read<Answer>(address: string): Promise<Answer> {
  const response = await fetch(address).catch(() => undefined);
  if (!response) throw new Error("Antiphon is not there; try again when it is back.");
  if (!response.ok) throw new Error("Antiphon does not have this recording any more.");
  return (await response.json()) as Answer;
}
