"""One spelling for all tunes in ABC notation, so that a network of characters learns music and not habits.

A tune becomes four lines of header and one line of music, without spaces: of the fields only metre and key
are kept, every length counts in quavers, and what is not heard goes. Chord symbols stay, repeats stay. So
``"Em" B,>d (3efg`` of any book is spelt as it is of every other, and can be moved to another key by rule.

The language is that of http://abcnotation.com/wiki/abc:standard:v2.1.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

UNIT = Fraction(1, 8)
"""Of a whole note: the length of a note without a number."""

_TOKEN = re.compile(
    r"""
    (?P<chord>"[^"]*")
  | \[(?P<field>[A-Za-z]):\s*(?P<value>[^\]]*)\]
  | (?P<ending>\[\s*[1-9])
  | (?P<bar>:*\|[|:\]]*[1-9]?|::+|\[\|)
  | (?P<tuplet>\(\d(?::\d?){0,2})
  | (?P<open>\[)
  | (?P<close>\])(?P<chord_length>\d*/*\d*)
  | (?P<accidental>\^{1,2}|_{1,2}|=)?(?P<letter>[A-Ga-gzx])(?P<octave>[,']*)(?P<length>\d*/*\d*)
  | (?P<joint>[-<>]+)
  | (?P<unheard>!.*?!|\{.*?\}|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_FIELD = re.compile(r"^([A-Za-z]):(?![|:])\s*(.*)$")
_SYMBOL = re.compile(r"^([A-G])([#b]?)((?:maj|m|dim|aug|sus|min|[0-9+])*)(?:/([A-Ga-g])([#b+]?))?$")
# Nobody writes longer numbers, and there are some that nobody could compute with.
_LENGTH = re.compile(r"(\d{0,4})(/{0,8})((?<=/)\d{0,4}|)")
_FRACTION = re.compile(r"(\d{1,4})/(\d{1,4})")
_KEY = re.compile(r"^([A-G])([#b]?)\s*(major|maj|minor|min|mix|m|dor|phr|lyd|loc)?[a-z]*$", re.IGNORECASE)

METRES = {"C": "4/4", "C|": "2/2"}
MODES = {"major": "", "maj": "", "minor": "m", "min": "m"}
FIFTHS = {letter: index - 1 for index, letter in enumerate("FCGDAEB")}
MODE_FIFTHS = {"": 0, "m": -3, "mix": -1, "dor": -2, "phr": -4, "lyd": 1, "loc": -5}
STEPS = "CDEFGAB"
MOST_SIGNS = 5
"""Sharps or flats of a key; further than that nobody writes dance tunes."""


class SpellingError(Exception):
    """A tune has something in it that cannot be spelt: its metre, its key or its lengths."""


def spelt(tune: str) -> str:
    """Return a tune in our spelling, ending in an empty line.

    Raises:
        SpellingError: it has no music, or no metre, key or length that can be understood.
    """
    header, music = _parted(tune)
    metre, key = _metre(header.get("M", "")), key_named(header.get("K", ""))
    unit = unit_named(header["L"]) if header.get("L") else usual_unit(metre)
    body = "".join(_respelt(music, unit))
    if not re.search("[A-Ga-g]", body):
        raise SpellingError("no music")
    return f"X:1\nM:{metre}\nL:1/8\nK:{key}\n{body}\n\n"


def usual_unit(metre: str) -> Fraction:
    """Return the length of a note without a number where no ``L:`` field gives it."""
    return Fraction(1, 16) if Fraction(metre) < Fraction(3, 4) else Fraction(1, 8)


def unit_named(told: str) -> Fraction:
    """Return the length that an ``L:`` field gives to a note without a number.

    Raises:
        SpellingError: it gives none.
    """
    found = _FRACTION.fullmatch(told)
    if not found or not all(map(int, found.groups())):
        raise SpellingError(f"no length of a note: {told}")
    return Fraction(int(found[1]), int(found[2]))


def key_named(told: str) -> str:
    """Return a key as we write it: ``Em``, ``D``, ``Amix``, ``Bb``.

    Raises:
        SpellingError: it is none.
    """
    found = _KEY.match(told.strip())
    if not found:
        raise SpellingError(f"no key: {told}")
    tonic, sign, mode = found.groups()
    mode = (mode or "").lower()
    return tonic.upper() + sign + MODES.get(mode, mode)


def fifths_of(key: str) -> int:
    """Return the sharps of a key that we wrote; flats are negative."""
    found = _KEY.match(key)
    assert found, key
    tonic, sign, mode = found.groups()
    return FIFTHS[tonic] + 7 * (sign == "#") - 7 * (sign == "b") + MODE_FIFTHS[mode or ""]


def _metre(told: str) -> str:
    metre = METRES.get(told.strip(), told.strip())
    found = _FRACTION.fullmatch(metre)
    if not found or not all(map(int, found.groups())):
        raise SpellingError(f"no metre: {told}")
    return metre


def _parted(tune: str) -> tuple[dict[str, str], str]:
    """Return the fields before the first note, the last of each kind, and the music with later ones."""
    header: dict[str, str] = {}
    music: list[str] = []
    for line in tune.splitlines():
        line = line.partition("%")[0].strip().removesuffix("\\")
        field = _FIELD.match(line)
        if field is None:
            music.append(line)
        elif not any(music):
            header[field[1]] = field[2].strip()
        elif field[1] in "KML":
            music.append(f"[{field[1]}:{field[2].strip()}]")
    return header, "".join(music)


def _respelt(music: str, unit: Fraction) -> Iterator[str]:
    """Yield the tokens of some music, each in our spelling."""
    after_bar = True
    for token in _TOKEN.finditer(re.sub(r"\s+", "", music)):
        if token["field"] == "L":
            unit = unit_named(token["value"])
        elif token["field"]:
            yield _field(token["field"], token["value"])
        elif token["bar"]:
            yield _bar(token["bar"])
        elif token["ending"]:
            yield ("" if after_bar else "|") + token["ending"]
        elif token["chord"]:
            yield _symbol(token["chord"].strip('"'))
        elif token["close"]:
            yield "]" + _length(token["chord_length"], unit)
        elif token["letter"]:
            pitch = (token["accidental"] or "") + token["letter"].replace("x", "z") + token["octave"]
            yield pitch + _length(token["length"], unit)
        elif not token["unheard"]:
            yield token[0]
        after_bar = bool(token["bar"] or token["field"] or (after_bar and token["unheard"]))


def _bar(told: str) -> str:
    """Return a bar line, with the number of the ending that begins there."""
    line = told.rstrip("0123456789")
    begins, ends = line.endswith(":"), line.startswith(":")
    if begins and ends and len(line) > 1:
        shape = "::"
    else:
        shape = "|:" if begins else ":|" if ends else "||" if len(line) > 1 else "|"
    return shape + (f"[{told[-1]}" if line != told else "")


def _field(name: str, value: str) -> str:
    if name == "M":
        return f"[M:{_metre(value)}]"
    return f"[K:{key_named(value)}]" if name == "K" else ""


def _symbol(told: str) -> str:
    """Return a chord symbol, nothing for a remark that stands where one could."""
    found = _SYMBOL.match(told.strip("() "))
    if not found:
        return ""
    root, sign, kind, bass, bass_sign = found.groups()
    below = f"/{bass.upper()}{bass_sign.replace('+', '#')}" if bass else ""
    return f'"{root}{sign}{kind}{below}"'


def _length(told: str, unit: Fraction) -> str:
    found = _LENGTH.fullmatch(told)
    if not found or (found[1] and not int(found[1])) or (found[3] and not int(found[3])):
        raise SpellingError(f"no length of a note: {told}")
    number, slashes, divisor = found.groups()
    by = int(divisor) if divisor else 2 ** len(slashes)
    return length_told(Fraction(int(number or 1), by) * unit / UNIT)


def length_told(quavers: Fraction) -> str:
    """Return a length as it stands behind a note."""
    number = "" if quavers.numerator == 1 else str(quavers.numerator)
    return number + (f"/{quavers.denominator}" if quavers.denominator > 1 else "")
