"""The places that settings come from, in a folder of the test's own, and what is said about them."""

from pathlib import Path

import pytest

from antiphon.config import Loaded, load
from antiphon.errors import ConfigurationError
from antiphon.mistakes import Given


class Places:
    """The places that settings come from, each empty until it is written to."""

    def __init__(self, folder: Path) -> None:
        self.system_file = folder / "etc" / "antiphon.toml"
        self.home = folder / "home"
        self.user_file = self.home / ".config" / "antiphon" / "antiphon.toml"
        self.own_file = folder / "mine.toml"
        self.environ: dict[str, str] = {"HOME": str(self.home)}

    def write(self, path: Path, text: str | bytes) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def load(self, *sets: str, config_file: Path | None = None, options: tuple[Given, ...] = ()) -> Loaded:
        return load(config_file, sets, self.environ, options=options, system_file=self.system_file)

    def mistakes(
        self, *sets: str, config_file: Path | None = None, options: tuple[Given, ...] = ()
    ) -> list[str]:
        with pytest.raises(ConfigurationError) as caught:
            self.load(*sets, config_file=config_file, options=options)
        return str(caught.value).split("\n")

    def mistakes_in(self, text: str | bytes) -> list[str]:
        """Return what is said about a file, named FILE in every line."""
        path = self.write(self.own_file, text)
        return [line.replace(str(path), "FILE") for line in self.mistakes(config_file=path)]
