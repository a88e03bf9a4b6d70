"""Where models lie, and which one is meant: a shipped one by its name, else one in a folder, else a file.

One rule for everybody who names a model.
"""

from pathlib import Path

MODEL_FILE = "model.tflite"
TABLE_FILE = "table.npz"
"""What a model is that has been counted, and has no graph."""

FILES = MODEL_FILE, TABLE_FILE
CARD_FILE = "card.json"

SHIPPED = Path(__file__).with_name("pretrained")


def shipped_names() -> list[str]:
    """Return the names of the models that come with the package."""
    return sorted(path.parent.name for file in FILES for path in SHIPPED.glob(f"*/{file}"))


def model_file(model: str) -> Path | None:
    """Return the file of the model that is meant, None where there is none and none is named.

    A name of a shipped model goes before a folder of the same name, which ``./`` in front tells apart. A
    path that ends in ``.tflite`` is returned also where nothing is there.
    """
    if model in shipped_names():
        return _file_in(SHIPPED / model)
    path = Path(model).expanduser()
    if path.is_dir():
        return _file_in(path)
    return path if path.suffix == ".tflite" or path.is_file() else None


def _file_in(folder: Path) -> Path | None:
    return next((folder / file for file in FILES if (folder / file).exists()), None)


def nothing_meant(model: str) -> str:
    """Return what is to be said of what names no model."""
    if Path(model).expanduser().is_dir():
        return f"the folder {model} holds no {MODEL_FILE}"
    there = ", ".join(shipped_names()) or "none is installed"
    return f"{model} is neither a shipped model ({there}), nor a folder that holds one, nor a .tflite file"
