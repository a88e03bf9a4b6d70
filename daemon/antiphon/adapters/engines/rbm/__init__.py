"""The engine of the restricted Boltzmann machine: it sees a bar, of which what was heard is given."""
