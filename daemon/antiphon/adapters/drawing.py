"""Pictures in files: of one style, and the same bytes for the same content.

matplotlib draws them, an optional extra that the daemon itself never needs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from antiphon.errors import AntiphonError, ConfigurationError, reason_of
from antiphon.whole_file import try_to_write, whole_file
from antiphon_models.typed import pip_install

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK = "#333333"
DOTS_PER_INCH = 160
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")
"""Of Okabe and Ito's palette: apart for every kind of colour sight, and the first two in grey as well."""

# Nothing that is drawn may depend on the moment, the machine or the user's own matplotlibrc.
STYLE: Final[dict[str, Any]] = {
    "svg.hashsalt": "antiphon",
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
}
METADATA: Final[dict[str, dict[str, str | None]]] = {
    ".svg": {"Date": None, "Creator": "Antiphon"},
    ".png": {"Software": "Antiphon"},
}


def check_that_it_can_be_drawn(path: Path) -> None:
    """Refuse a path before the work is done that is to be drawn there.

    Raises:
        ConfigurationError: the suffix is neither ``.svg`` nor ``.png``.
        AntiphonError: matplotlib is not installed, or the file cannot be written.
    """
    if path.suffix.lower() not in METADATA:
        raise ConfigurationError(f"cannot draw {path}; name a file that ends in .svg or .png")
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise AntiphonError(
            f"cannot draw {path}: matplotlib is not installed; run `{pip_install('antiphon[plot]')}`"
        ) from error
    with _troubles_told(path):
        try_to_write(path)


@contextmanager
def picture(
    path: Path, inches: tuple[float, float], dots_per_inch: int = DOTS_PER_INCH
) -> "Iterator[Figure]":
    """Give a figure to draw in, and write it to an ``.svg`` or ``.png`` file when that is done.

    The file appears whole or not at all.

    Raises:
        AntiphonError: the suffix is neither of the two, matplotlib is not installed, or the file cannot be
            written.
    """
    check_that_it_can_be_drawn(path)
    from matplotlib import style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with style.context(STYLE, after_reset=True):
        figure = Figure(figsize=inches, dpi=dots_per_inch, layout="constrained")
        FigureCanvasAgg(figure)
        yield figure
        suffix = path.suffix.lower()
        with _troubles_told(path), whole_file(path) as file:
            figure.savefig(file, format=suffix.removeprefix("."), metadata=METADATA[suffix])


@contextmanager
def _troubles_told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AntiphonError(f"cannot draw {path}: {reason_of(error)}; name another file") from error
