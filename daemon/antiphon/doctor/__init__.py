"""``antiphon doctor``: what of a machine is good for playing, what could be better, and what is missing."""
