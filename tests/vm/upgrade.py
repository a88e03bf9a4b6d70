"""An upgrade to a version that installs well and does not play."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from machine import say
from service import is_playing

CURRENT = Path("/opt/antiphon/current")
BROKEN = Path("/tmp/broken")


def fails(installer: str) -> None:
    """Try it, and look whether the version from before plays again."""
    former = CURRENT.resolve()
    shutil.copytree("/mnt/host/wheels", BROKEN)
    [wheel] = BROKEN.glob("antiphon-*.whl")
    breaks_at_the_start(wheel)
    # Nobody will ever run most of it, and here it takes minutes to compile.
    environment = os.environ | {"PIP_NO_COMPILE": "1"}
    told = subprocess.run(
        [installer, "--wheels", BROKEN], env=environment, capture_output=True, text=True, check=False
    )
    say(told.stdout + told.stderr)
    if told.returncode != 1 or CURRENT.resolve() != former or not is_playing():
        sys.exit("an upgrade that failed has left something")
    if others := {path for path in former.parent.iterdir() if path not in (former, CURRENT)}:
        sys.exit(f"an upgrade that failed has left {others}")
    shutil.rmtree(BROKEN)


def breaks_at_the_start(wheel: Path) -> None:
    whole = wheel.with_suffix(".whole")
    wheel.rename(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(wheel, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "antiphon/app.py":
                text += b"\nraise SystemExit('this version does not play')\n"
            new.writestr(name, text)
    whole.unlink()
