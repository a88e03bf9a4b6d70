"""Antiphon's export: from trained weights to a model file, quantised and compared with the network it came from."""
