"""Why a test is skipped where something is not installed."""

TRAINING = "training is not installed: pip install 'antiphon[train]'"
PLOTTING = "drawing is not installed: pip install 'antiphon[plot]'"
MIDI = "python-rtmidi is not installed: pip install 'antiphon[midi]'"
