"""A package of somebody else, as an installer leaves it: its metadata and its modules in a folder."""

from collections.abc import Mapping
from pathlib import Path


def install(folder: Path, name: str, group: str, entries: Mapping[str, str], **modules: str) -> None:
    """Put a package into a folder as an installer would.

    Args:
        folder: to be put on Python's path.
        name: of the distribution; its version is 1.0.
        group: of its entry points.
        entries: what each of these is called, and what it names.
        modules: the source of each by its name.
    """
    information = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    points = "".join(f"{entry} = {target}\n" for entry, target in entries.items())
    (information / "entry_points.txt").write_text(f"[{group}]\n{points}")
    for module, source in modules.items():
        (folder / f"{module}.py").write_text(source)
