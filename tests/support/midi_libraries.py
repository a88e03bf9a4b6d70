"""What is skipped where a library behind MIDI cannot be loaded, as on a machine that was just set up."""

from collections.abc import Callable

import pytest

from antiphon.adapters.midi.libraries import load_alsa, load_rtmidi
from antiphon.errors import PortError


def _requires(load: Callable[[], object]) -> pytest.MarkDecorator:
    reason = ""
    try:
        load()
    except PortError as error:
        reason = str(error)
    return pytest.mark.skipif(bool(reason), reason=reason)


requires_alsa_library = _requires(load_alsa)
requires_rtmidi = _requires(load_rtmidi)
