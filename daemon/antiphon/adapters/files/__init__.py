"""Music on disk: MIDI files read and written, and what is kept of every session."""
