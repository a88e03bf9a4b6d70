"""The engine that writes tunes in ABC notation, character by character, and plays what it writes."""
