"""What a network has to beat, computed from the same pieces in the same run.

Frequencies and Markov models are distributions over the very events of the network and cost a minute on one
core; the LSTM of the articles is in ``antiphon_models.baselines.article``, which alone needs Keras.
"""
