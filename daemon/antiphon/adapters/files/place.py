"""Where a daemon keeps what is its own, and whether recordings outlive the power there.

A Pi may have a disk that it never writes to.
"""

import logging
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from antiphon.settings import Record

logger = logging.getLogger(__name__)

OF_A_USER = Path("~/.local/share/antiphon")
"""Where recordings are kept and phrases are looked for, unless a service manager has a folder for that."""

MOUNTS = Path("/proc/self/mounts")

MEGABYTES_OF_MEMORY = 32
"""What recordings may take where there is no disk: some hundred hours of playing."""

_UPPER = re.compile(r"(?:^|,)upperdir=([^,]*)")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder for recordings.

    Attributes:
        folder: it, which need not be there yet.
        wished: the folder that would have been taken, could it be written to.
        outlives_the_power: whether what is in it is still there after a power cut.
        megabytes: what recordings may take there.
    """

    folder: Path
    wished: Path
    outlives_the_power: bool
    megabytes: float


def place_for_recordings(record: Record, environ: Mapping[str, str], mounts: Path = MOUNTS) -> Place:
    """Return the folder that is asked for, else the service's own, else the user's; the first that can be
    written to. Where none can, it is one in memory.

    Args:
        record: the folder that is asked for, and what recordings may take.
        environ: may name the folder of a service, as ``systemd.exec(5)`` says.
        mounts: what is mounted, as in ``proc_pid_mounts(5)``.
    """
    folders = [*_folders(record.folder, environ)]
    folder = next(filter(_can_be_written, folders), _in_memory(environ))
    lasting = not _is_memory(folder, mounts)
    megabytes = record.megabytes if lasting else min(record.megabytes, MEGABYTES_OF_MEMORY)
    return Place(folder, folders[0], lasting, megabytes)


def own_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the service, or else of the user; ``systemd.exec(5)`` has the variable."""
    # Of several, separated by colons, the first is the unit's main one.
    return Path(environ.get("STATE_DIRECTORY", "").partition(":")[0] or OF_A_USER).expanduser()


def _folders(wished: str, environ: Mapping[str, str]) -> Iterator[Path]:
    if wished:
        yield Path(wished).expanduser()
    yield own_folder(environ) / "sessions"
    yield OF_A_USER.expanduser() / "sessions"


def _in_memory(environ: Mapping[str, str]) -> Path:
    runtime = environ.get("RUNTIME_DIRECTORY", "").partition(":")[0] or environ.get("XDG_RUNTIME_DIR")
    return Path(runtime or tempfile.gettempdir()) / "antiphon-sessions"


def _can_be_written(folder: Path) -> bool:
    """Tell whether a folder is writable or can be made; makes nothing."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _is_memory(folder: Path, mounts: Path) -> bool:
    """Tell whether a folder lies in memory, be it below an overlay that hides a disk."""
    try:
        mounted = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return False
    return _lies_in_memory(
        folder.resolve(), {Path(where): (kind, how) for _, where, kind, how, *_ in mounted}
    )


def _lies_in_memory(folder: Path, mounted: Mapping[Path, tuple[str, str]]) -> bool:
    around = next((place for place in (folder, *folder.parents) if place in mounted), None)
    if around is None:
        return False
    kind, how = mounted[around]
    if kind == "overlay" and (upper := _UPPER.search(how)):
        # In a container it lies in what is mounted outside, where nobody here can look; it is a disk then.
        above = Path(upper[1])
        holds = next((place for place in (above, *above.parents) if place in mounted), around)
        return holds != around and _lies_in_memory(holds, mounted)
    return kind in ("tmpfs", "ramfs")


def tell_place(place: Place) -> None:
    """Log where recordings go, and what is to be feared for them."""
    if place.folder != place.wished:
        logger.warning("recordings go to %s, for %s cannot be written to", place.folder, place.wished)
    if not place.outlives_the_power:
        logger.warning(
            "recordings in %s are gone when the machine is switched off, for that is memory; "
            "mount a disk and name a folder on it in record.folder",
            place.folder,
        )
