"""A restricted Boltzmann machine made into a model file, and what it is worth."""
