"""Antiphon's models: vocabulary, networks, corpora, training and evaluation."""
