"""Antiphon's export: from trained weights to a quantised model file with its card."""
