"""Why a test is skipped where something is not installed."""

TRAINING = "training is not installed: pip install 'antiphon[train]'"
PLOTTING = "drawing is not installed: pip install 'antiphon[plot]'"
MIDI = "python-rtmidi is not installed: pip install 'antiphon[midi]'"
ABC2MIDI = "abc2midi is missing (Debian package abcmidi)"
GPU = "there is no Vulkan device (Debian packages chromium-common and libvulkan1 bring one in software)"
COMPILER = "there is no C compiler (Debian package gcc)"
OSC = "python-osc is not installed: pip install 'antiphon[osc]'"
