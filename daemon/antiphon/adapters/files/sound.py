"""Music made to sound, into a ``.wav`` file: by FluidSynth and a sound font, where both are installed.

Antiphon brings neither; it plays MIDI, and leaves the sound to instruments.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from antiphon.adapters.files.writing import NamedPart, write_performance
from antiphon.errors import AntiphonError, reason_of
from antiphon.whole_file import try_to_write, whole_file

PROGRAM = "fluidsynth"

FOLDERS = (
    "~/.local/share/soundfonts",
    "/usr/local/share/soundfonts",
    "/usr/share/soundfonts",
    "/usr/share/sounds/sf2",
    "/usr/share/sounds/sf3",
)
"""Where distributions and people keep sound fonts."""

SUFFIXES = frozenset({".sf2", ".sf3"})

RATE = 44_100
GAIN = 0.6
"""Of FluidSynth, whose own 0.2 is meant for an orchestra that plays all at once."""


def find_synthesizer(folders: Iterable[str] = FOLDERS, search: str | None = None) -> "Synthesizer":
    """Return what can make music sound on this machine.

    Args:
        folders: where sound fonts are looked for; the first that is found is taken, one called default first.
        search: where programs are looked for, as in ``PATH``; None is that of the process.

    Raises:
        AntiphonError: the program or a sound font is not installed.
    """
    program = shutil.which(PROGRAM, path=search)
    if program is None:
        raise AntiphonError(f"nothing sounds without {PROGRAM}; install it, or leave --wav out")
    for folder in folders:
        fonts = _fonts_in(Path(os.path.expanduser(folder)))
        if fonts:
            return Synthesizer(program, fonts[0])
    raise AntiphonError(
        f"{PROGRAM} has no sound font; install one (Debian: timgm6mb-soundfont), or leave --wav out"
    )


def _fonts_in(folder: Path) -> list[Path]:
    try:
        fonts = [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES]
    except OSError:
        return []
    return sorted(fonts, key=lambda path: (not path.name.startswith("default"), path.name))


class Synthesizer:
    """FluidSynth with a sound font."""

    def __init__(self, program: str, font: Path) -> None:
        self._program = program
        self.font = font

    def write(self, path: Path, parts: Sequence[NamedPart]) -> None:
        """Make parts sound into a ``.wav`` file, which appears whole or not at all.

        Raises:
            AntiphonError: the program fails, or the file cannot be written.
        """
        with tempfile.TemporaryDirectory(prefix="antiphon-") as folder:
            midi, wav = Path(folder, "score.mid"), Path(folder, "sound.wav")
            write_performance(midi, parts)
            self._render(midi, wav)
            try:
                with whole_file(path) as file, wav.open("rb") as sound:
                    shutil.copyfileobj(sound, file)
            except OSError as error:
                raise not_written(path, error) from error

    def _render(self, midi: Path, wav: Path) -> None:
        options = ["-ni", "-q", "-g", f"{GAIN}", "-r", f"{RATE}", "-F", str(wav)]
        done = subprocess.run(
            [self._program, *options, str(self.font), str(midi)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0 or not wav.is_file():
            said = (done.stderr or done.stdout).strip().splitlines()
            raise AntiphonError(
                f"{PROGRAM} made no sound: {said[-1] if said else 'it does not say why'}; "
                "leave --wav out for the notes alone"
            )


def check_that_it_can_sound(path: Path) -> None:
    """Refuse a path before the work is done.

    Raises:
        AntiphonError: the file cannot be written.
    """
    try:
        try_to_write(path)
    except OSError as error:
        raise not_written(path, error) from error


def not_written(path: Path, error: OSError) -> AntiphonError:
    return AntiphonError(f"{path} cannot be written: {reason_of(error)}; name another file")
