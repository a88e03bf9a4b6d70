"""A restricted Boltzmann machine over a bar of music: learnt, measured, sampled."""
