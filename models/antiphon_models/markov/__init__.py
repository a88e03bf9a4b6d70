"""A variable-order Markov model over events: what was heard, in which contexts it counts, how they mix.

``past`` and ``contexts`` say what is known of the music, ``table`` is what was learnt from much of it,
``style`` what is learnt from one player while they play: what followed each context is kept in ``outcomes``,
how far it is trusted in ``gates``. The daemon plays these and needs no more than numpy for it; ``learning``
makes the table, and it and ``command`` alone know of notes.
"""
