"""Keeps the settings that were changed while the daemon ran, in the file that the next start reads last.

What else that file holds, comments too, stays as it is. It is never half written.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from antiphon.config import Loaded
from antiphon.errors import ConfigurationError, reason_of
from antiphon.mistakes import PARTNER, Origin
from antiphon.schema import schema, values_of
from antiphon.whole_file import whole_file

# tomlkit is imported where it is used: hardly any start keeps settings.


def save(loaded: Loaded) -> Loaded:
    """Write the settings that came through a door into the configuration's own file.

    Returns:
        The same configuration, in which these settings come from that file.

    Raises:
        ConfigurationError: there is no such file, or it cannot be written.
    """
    path = loaded.own_file
    if path is None:
        raise ConfigurationError("there is no file to keep settings in; name one with --config")
    kept = [name for name, origin in loaded.origins.items() if origin.kind == "door"]
    values = values_of(loaded.config)
    try:
        _write(path, {name: values[name] for name in kept}, loaded.partner)
    except OSError as error:
        raise ConfigurationError(
            f"settings cannot be kept in {path}: {reason_of(error)}; name another file with --config"
        ) from error
    return replace(loaded, origins={**loaded.origins, **dict.fromkeys(kept, Origin("file", str(path)))})


def _write(path: Path, values: Mapping[str, object], partner: str) -> None:
    import tomlkit

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        document = tomlkit.document()
    of_all: MutableMapping[str, Any] = document
    whose = _table(_table(of_all, PARTNER), partner) if partner and values else of_all
    for name, value in values.items():
        setting = schema()[name]
        _put(_table(whose, setting.section), setting.name, value)
    with whole_file(path) as file:
        file.write(tomlkit.dumps(document).encode())


def _table(table: MutableMapping[str, Any], name: str) -> MutableMapping[str, Any]:
    """Return the table of that name in another, a new one where there is none."""
    import tomlkit

    if name not in table:
        table[name] = tomlkit.table(is_super_table=name == PARTNER)
    found: MutableMapping[str, Any] = table[name]
    return found


def _put(section: MutableMapping[str, Any], name: str, value: object) -> None:
    """Change a value; of a table only what is different, so that what is said of the rest stays."""
    import tomlkit

    if not isinstance(value, dict):
        section[name] = value
        return
    if not isinstance(section.get(name), MutableMapping):
        section[name] = tomlkit.table()
    table = section[name]
    for former in [each for each in table if each not in value]:
        del table[former]
    table.update({key: each for key, each in value.items() if table.get(key) != each})
