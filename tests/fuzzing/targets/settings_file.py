"""Settings: a file of TOML, and where the first byte is ``=``, one ``--set``."""

from collections.abc import Iterator
from importlib.resources import files

from antiphon import listing
from antiphon.adapters.doors.osc.arrangement import arranged
from antiphon.config import load
from antiphon.errors import ConfigurationError
from default_config import NOWHERE
from target import Target, is_told, written


def examine(data: bytes) -> None:
    path, sets = None, list[str]()
    if data.startswith(b"="):
        sets = [data[1:].decode(errors="surrogateescape")]
    else:
        path = written("antiphon.toml", data)
    try:
        loaded = load(path, sets, {}, system_file=NOWHERE)
        assert listing.settings_as_toml(loaded)
        arranged(loaded.config.osc)
    except ConfigurationError as error:
        is_told(error)


def seeds() -> Iterator[bytes]:
    shipped = (files("antiphon") / "defaults.toml").read_text(encoding="utf-8")
    for section in shipped.split("\n\n"):
        yield section.encode()
    yield b"=play.temperature=0.8"
    yield b'=play.mood="wonder and a little sad"'
    yield b'[controls]\nbindings = {"cc 1" = "play.temperature", "note 20" = "hold"}\n'
    yield b'[osc]\nport = 9000\nallow = "192.168.1.0/24 ::1"\nsend_to = "[::1]:9001 host:9002"\n'
    yield b'[attract]\nhours = "mon-fri 9:00-17:30"\n[play]\nmood = "0.5,-0.3"\n'


TARGET = Target(examine, seeds, longest=1024)
