"""Keeps files as this version writes them, for later ones: ``python tests/releases/keep.py [FOLDER]``.

They go into a folder of its name beside this file: a file of all settings, one that the daemon has written
itself, two sessions with their recordings, the cards of the models, and the names that others build on. Once
the change log has a date for the version, they are what was released, and are not written any more.
"""

import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import promises
from antiphon import __version__
from antiphon.config import changed, defaults, load
from antiphon.listing import settings_as_toml
from antiphon.saving import save
from antiphon_models import shelf

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent

SESSIONS = ("answer", "duet")

# What somebody has set by hand, and what doors have changed while it played.
BY_HAND = """\
# The piano in the foyer.
[midi]
out = "Disklavier*"   # the grand

[partner.bass]
midi.in = "Keystation*"
midi.out = "FLUID*"
play.highest = 60
"""

BY_A_DOOR = {
    "play.mode": "duet",
    "play.temperature": 1.25,
    "play.mood": "wonder and a little sad",
    "guide.key": "F# minor",
    "actuator.latency": "1:155 40:90 100:0",
    "attract.hours": "9:00-12:30 14:00-22:00",
    "controls.bindings": {"cc 20": "play.blend", "note 21": "panic"},
}


def is_released(version: str) -> bool:
    """Whether the change log has a date for that version."""
    told = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.search(rf"^## \[{re.escape(version)}\] - \d", told, re.MULTILINE) is not None


def keep(folder: Path) -> None:
    """Write everything into the folder, in place of what is there."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "cards").mkdir(parents=True)
    (folder / "antiphon.toml").write_text(settings_as_toml(defaults()) + "\n", encoding="utf-8")
    _keep_settings(folder / "kept.toml")
    for name in SESSIONS:
        for suffix in (".session", ".mid"):
            shutil.copyfile(PROJECT / f"examples/sessions/{name}{suffix}", folder / f"{name}{suffix}")
    for card in sorted(shelf.SHIPPED.glob("*/card.json")):
        shutil.copyfile(card, folder / "cards" / f"{card.parent.name}.json")
    names = {
        "settings": promises.settings(),
        "commands": promises.commands(),
        "addresses": promises.addresses(),
    }
    (folder / "names.json").write_text(json.dumps(names, indent=1) + "\n", encoding="utf-8")


def _keep_settings(path: Path) -> None:
    """Write a file of settings as somebody and the daemon have by turns."""
    with tempfile.TemporaryDirectory() as empty:
        path.write_text(BY_HAND, encoding="utf-8")
        loaded = load(path, (), {"HOME": empty}, system_file=Path(os.devnull, "antiphon.toml"))
        save(changed(loaded, BY_A_DOOR, "MQTT"))
        save(changed(loaded.partners["bass"], {"play.seconds": 9.0}, "the page"))


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / __version__
    if is_released(__version__) and folder == HERE / __version__:
        sys.exit(f"antiphon {__version__} is released, and so are its files; name the next version first")
    keep(folder)
    print(f"kept in {folder}: {', '.join(sorted(path.name for path in folder.iterdir()))}")


if __name__ == "__main__":
    main()
