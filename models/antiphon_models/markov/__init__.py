"""A variable-order Markov model over events: what was heard, in which contexts it is counted, and how they mix.

``past`` and ``contexts`` say what is known of the music, ``table`` is what was learnt from much of it, ``style``
what is learnt from one player while they play. The daemon plays these; ``learning`` makes the table and
alone knows of notes. Nothing else here needs more than numpy.
"""
