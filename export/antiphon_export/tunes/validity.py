"""Whether abc2midi reads a tune without a complaint.

A complaint is any line of its output that begins with ``Error`` or ``Warning``. It counts the notes of every
bar against the metre and looks after every repeat, tie and bracket.
"""

import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from antiphon_models.notes.abc_tunes import PROGRAM, SECONDS_PER_TUNE

ERROR, WARNING = "Error", "Warning"


def complaints(tune: str) -> list[str]:
    """Return the lines in which abc2midi complains of a tune.

    Raises:
        OSError: it is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="antiphon-abc-") as folder:
        written = Path(folder, "tune.abc")
        written.write_text(tune)
        said = subprocess.run(
            [PROGRAM, str(written), "-o", str(Path(folder, "tune.mid"))],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS_PER_TUNE,
            check=False,
        )
        made = Path(folder, "tune.mid").is_file()
    lines = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith((ERROR, WARNING))]
    return lines or ([] if made else [f"{ERROR}: no music was found"])


def shares_read(tunes: Iterable[str]) -> Counter[str]:
    """Return how many ``tunes`` there are, and of how many there was ``no error``, and ``no line`` at all."""
    counted: Counter[str] = Counter()
    for tune in tunes:
        lines = complaints(tune)
        counted["tunes"] += 1
        counted["no error"] += not any(line.startswith(ERROR) for line in lines)
        counted["no line"] += not lines
    return counted
