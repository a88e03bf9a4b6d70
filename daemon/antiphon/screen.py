"""What can be shown where something is written: a terminal of some width and colours, a file, or a pipe."""

import codecs
import locale
import os
import textwrap
from collections.abc import Mapping
from typing import TextIO

USUAL = 80
"""Columns of what is no terminal, and so of whoever looks at it later."""

WIDEST = 100
"""Nobody reads longer lines."""


def width(stream: TextIO) -> int:
    """Return the columns that may be filled."""
    if not stream.isatty():
        return USUAL
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except OSError:
        return USUAL
    # A serial line knows nothing of its width, and says 0.
    return min(columns, WIDEST) if columns else USUAL


def has_colours(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether colours are shown, and wanted: https://no-color.org."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM", "dumb") != "dumb"


def encoding(stream: TextIO) -> str:
    """Return in which encoding what is written will be read."""
    # In the locale C Python writes UTF-8 all the same, and the terminal does not expect that.
    told, here = stream.encoding or "ascii", locale.getencoding()
    return told if codecs.lookup(here).name == "utf-8" else here


def folded(text: str, stream: TextIO) -> str:
    """Return a sentence with line breaks between words where a terminal would break it in mid-word."""
    if not stream.isatty():
        return text
    return textwrap.fill(text, width(stream), break_long_words=False, break_on_hyphens=False)
