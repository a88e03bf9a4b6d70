"""What can go wrong between trained weights and a model file, and be said in one sentence."""

from antiphon_models.errors import TrainingError


class ExportError(TrainingError):
    """A run that cannot be read, weights that do not fit, or a file that cannot be written."""
