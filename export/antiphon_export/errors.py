"""What can go wrong between trained weights and a model file, and be said in one sentence."""

from antiphon_models.errors import TrainingError, reason

__all__ = ["NEEDS_TENSORFLOW", "ExportError", "reason"]

NEEDS_TENSORFLOW = "model files are made by TensorFlow; run it again with KERAS_BACKEND=tensorflow"


class ExportError(TrainingError):
    """A run that cannot be read, weights that do not fit, or a file that cannot be written."""
