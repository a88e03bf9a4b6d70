"""The Markov engine: plays from a table and from what the player has just taught it."""
