"""The music and every decision. Nothing here reads a clock, waits, or does any I/O."""
