"""The engines, each behind :class:`antiphon.core.engine.Engine`, and the model files that they play."""
