"""Everything that touches the world: MIDI ports and files, the model runtime, the clock."""
