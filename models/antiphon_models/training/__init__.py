"""From notes to weights: windows, variation, the trainer, its checkpoints, and runs over several machines."""
