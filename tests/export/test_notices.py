"""Of what is written on standard error while a file is made, only notices are kept back."""

import os
from contextlib import suppress

import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.notices import converting_quietly


def test_notices_are_kept_back_and_all_else_appears(capfd: pytest.CaptureFixture[str]) -> None:
    with converting_quietly():
        os.write(2, b"INFO: Created a delegate\nfully_quantize: 0, inference_type: 6\nERROR: it hurts\n")
    assert capfd.readouterr().err == "ERROR: it hurts\n"


def test_what_went_wrong_is_heard(capfd: pytest.CaptureFixture[str]) -> None:
    with suppress(ValueError), converting_quietly():
        os.write(2, b"ERROR: it hurts\n")
        raise ValueError
    assert capfd.readouterr().err == "ERROR: it hurts\n"
