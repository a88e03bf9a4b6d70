"""Live MIDI: what comes in from a keyboard and goes out to an instrument, over ALSA or JACK."""
