"""Which characters may come next in a tune that is being written, so that it is valid ABC whatever is drawn.

Bars add up to the metre, a section that begins with an upbeat ends with a bar that lacks it, double bars and
repeats go with the :mod:`~antiphon.adapters.engines.tunes.sections`, quotation marks and brackets close. What
may be written is what our spelling of tunes has, without chords in brackets and without changes of key or
metre.

Time is counted in twelfths of a quaver, of which every length and every third of one is a whole number.
"""

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from antiphon.adapters.engines.tunes import chord_symbols
from antiphon.adapters.engines.tunes.sections import STRUCTURAL, Sections

TICKS = 12
"""Of a quaver."""

LENGTHS = {
    "/4": 3,
    "/2": 6,
    "3/4": 9,
    "": 12,
    "3/2": 18,
    "2": 24,
    "3": 36,
    "4": 48,
    "6": 72,
    "8": 96,
}
OF_TRIPLETS = {"/2": 4, "": 8, "2": 16}
"""What each of three lasts that are played in the time of two."""

STARTS = "ABCDEFGabcdefg"


class Writing(msgspec.Struct, frozen=True, gc=False):
    """A tune up to a character.

    Attributes:
        bar: ticks of a whole bar.
        sections: where it is in its repeats.
        filled: ticks of this bar so far.
        upbeat: ticks of the bar with which sections begin, 0 for none; None while the first is being written.
        newlines: at its end.
        token: what is not whole yet.
        triplet: notes that are left of one, and how they are spelt.
        tie: the note, without its length, that has to come next.
        newest: the last note of this bar, without its length.
        raised: notes that carry an accidental in this bar.
        has_symbol: whether a chord symbol stands right before.
    """

    bar: int
    sections: Sections = Sections()
    filled: int = 0
    upbeat: int | None = None
    newlines: int = 0
    token: str = ""
    triplet: int = 0
    spelling: str | None = None
    tie: str = ""
    newest: str = ""
    raised: frozenset[str] = frozenset()
    has_symbol: bool = False

    @property
    def left(self) -> int:
        """Ticks that are left of this bar, or of the upbeat that stands in its place."""
        upbeat = self.upbeat or 0
        if self.sections.begins and upbeat:
            return upbeat - self.filled
        return (self.bar - upbeat if self.sections.is_in_a_hurry else self.bar) - self.filled

    @property
    def is_over(self) -> bool:
        return self.newlines >= 2

    def allowed(self) -> frozenset[str]:
        """Return the characters of which one may come next; there is always one."""
        return _allowed(self)

    def then(self, text: str) -> "Writing":
        """Return the tune with some text behind it, all of which is allowed where it stands."""
        writing = self
        for character in text:
            writing = _then(writing, character)
        return writing


@lru_cache(maxsize=4096)
def _allowed(writing: Writing) -> frozenset[str]:
    token = writing.token
    if not token:
        return frozenset(_starts(writing))
    if token[0] == '"':
        return chord_symbols.further(token[1:])
    further = set(_extending(writing))
    whole = _completed(writing)
    if whole is not None:
        further |= set(_starts(whole))
    return frozenset(further)


@lru_cache(maxsize=4096)
def _then(writing: Writing, character: str) -> Writing:
    replace = msgspec.structs.replace
    if writing.token:
        if writing.token[0] == '"':
            if character == '"':
                return replace(writing, token="", has_symbol=True)
            return replace(writing, token=writing.token + character)
        if character in set(_extending(writing)):
            return _closed(replace(writing, token=writing.token + character))
        whole = _completed(writing)
        assert whole is not None, (writing, character)
        writing = whole
    if character == "\n":
        return replace(writing, newlines=writing.newlines + 1)
    return _closed(replace(writing, token=character, sections=writing.sections.gone_on()))


def _closed(writing: Writing) -> Writing:
    """Complete a token that ends with its own last character."""
    replace, token = msgspec.structs.replace, writing.token
    if token in STRUCTURAL:
        return _structured(replace(writing, token=""), token)
    if token == "(3":
        return replace(writing, token="", triplet=3, spelling=None, has_symbol=False)
    if token == "-":
        return replace(writing, token="", tie=writing.newest)
    if token in ("[1", "[2"):
        return replace(writing, token="", sections=writing.sections.with_ending(int(token[1])))
    return writing


def _starts(writing: Writing) -> Iterator[str]:
    """Yield what may begin a token."""
    if writing.newlines:
        yield "\n"
        return
    if writing.sections.must_end_anew:
        yield "["
        return
    if writing.sections.may_be_over:
        yield "\n"
        if writing.sections.is_tired:
            return
    yield from _bar_starts(writing)
    if writing.tie:
        yield from _starts_of_what_is_tied(writing)
        return
    if _may_tie(writing):
        yield "-"
    if _can_hold_a_note(writing):
        yield from _note_starts(writing)


def _starts_of_what_is_tied(writing: Writing) -> Iterator[str]:
    if writing.left and not writing.triplet:
        yield writing.tie[0]
        if not writing.has_symbol:
            yield '"'


def _note_starts(writing: Writing) -> Iterator[str]:
    """Yield what may begin a note, a rest, a triplet or the chord symbol before it."""
    yield from STARTS
    yield from "^_="
    if writing.triplet:
        return
    yield "z"
    if not writing.has_symbol:
        yield '"'
    if writing.left >= OF_TRIPLETS["/2"] * 3:
        yield "("


def _may_tie(writing: Writing) -> bool:
    is_note = writing.newest and writing.newest != "z" and not writing.has_symbol and not writing.triplet
    # What carries an accidental would lose it beyond the bar line.
    may_last = writing.newest not in writing.raised and not writing.sections.is_in_a_hurry
    return bool(is_note) and (writing.left > 0 or may_last)


def _can_hold_a_note(writing: Writing) -> bool:
    if writing.triplet and writing.spelling is not None:
        return True
    return writing.left >= LENGTHS["/4"]


def _bar_starts(writing: Writing) -> Iterator[str]:
    if _may_draw(writing, "|") or _may_draw(writing, "||") or _may_draw(writing, "|:"):
        yield "|"
    if _may_draw(writing, ":|") or _may_draw(writing, "::"):
        yield ":"
    # The bar line itself has been written, and with it the bar begun.
    is_bare = not (writing.filled or writing.tie or writing.has_symbol)
    if is_bare and writing.sections.may_begin_ending:
        yield "["


def _may_draw(writing: Writing, line: str) -> bool:
    """Tell whether a bar line may stand here."""
    if writing.triplet or writing.has_symbol:
        return False
    filled, upbeat, sections = writing.filled, writing.upbeat or 0, writing.sections
    if line == "|:" and not filled and not sections.bars and upbeat == 0 and sections.begins:
        return not sections.is_open
    if not filled:
        return False
    is_full = filled == writing.bar
    if sections.begins and writing.upbeat is None:
        is_upbeat = filled % (TICKS // 2) == 0 and filled < writing.bar
        return line == "|" and (is_full or is_upbeat)
    if sections.begins and upbeat:
        return line == "|" and filled == upbeat
    if line == "|":
        return is_full and not (
            sections.is_in_a_hurry and any(_may_draw(writing, other) for other in STRUCTURAL)
        )
    return not writing.tie and filled == writing.bar - upbeat and sections.fits(line)


def _structured(writing: Writing, line: str) -> Writing:
    if line == "|:" and not writing.filled:
        return msgspec.structs.replace(writing, sections=writing.sections.opened())
    sections = writing.sections.ended_with(line)
    return msgspec.structs.replace(writing, sections=sections, filled=0, raised=frozenset(), newest="")


def _extending(writing: Writing) -> Iterator[str]:
    """Yield what may go on with the token."""
    token = writing.token
    if token == "(":
        yield "3"
    elif token == "[":
        yield "2" if writing.sections.must_end_anew else "1"
    elif token == "|":
        if _may_draw(writing, "||"):
            yield "|"
        if _may_draw(writing, "|:"):
            yield ":"
    elif token == ":":
        if _may_draw(writing, ":|"):
            yield "|"
        if _may_draw(writing, "::"):
            yield ":"
    elif token in "^_=":
        yield from STARTS
    else:
        yield from _in_note(writing)


def _in_note(writing: Writing) -> Iterator[str]:
    pitch, length = _parted(writing.token)
    if not length and pitch[-1] != "z":
        octave = _octave_marks(writing, pitch)
        if octave is not None:
            if octave:
                yield octave
            if writing.tie and writing.tie != pitch:
                return
    for told in _lengths(writing):
        if told.startswith(length) and told != length:
            yield told[len(length)]


def _octave_marks(writing: Writing, pitch: str) -> str | None:
    """Return the mark of octave that may follow, empty for none; one is enough for anything that is sung."""
    if writing.tie:
        return writing.tie[len(pitch)] if len(writing.tie) > len(pitch) else ""
    if pitch[-1] in ",'":
        return ""
    return "'" if pitch[-1] in "abcd" else "," if pitch[-1] in "GAB" else ""


def _parted(token: str) -> tuple[str, str]:
    """Return the pitch and the length of a note."""
    cut = len(token.rstrip("0123456789/"))
    return token[:cut], token[cut:]


def _lengths(writing: Writing) -> Iterator[str]:
    """Yield the lengths that a note may have here."""
    if writing.triplet:
        if writing.spelling is not None:
            yield writing.spelling
            return
        yield from (told for told, ticks in OF_TRIPLETS.items() if 3 * ticks <= writing.left)
        return
    yield from (told for told, ticks in LENGTHS.items() if ticks <= writing.left)


def _completed(writing: Writing) -> Writing | None:
    """Return the tune with its token taken for whole, None where it is not."""
    token = writing.token
    if token == "|":
        return _barred(writing) if _may_draw(writing, "|") else None
    if token in "([:^_=":
        return None
    pitch, length = _parted(token)
    if length not in set(_lengths(writing)) or (writing.tie and pitch != writing.tie):
        return None
    letter = pitch.lstrip("^_=")
    raised = writing.raised | {letter} if letter != pitch else writing.raised
    ticks = OF_TRIPLETS[length] if writing.triplet else LENGTHS[length]
    return msgspec.structs.replace(
        writing,
        token="",
        filled=writing.filled + ticks,
        triplet=max(0, writing.triplet - 1),
        spelling=length if writing.triplet > 1 else None,
        tie="",
        newest=letter,
        raised=raised,
        has_symbol=False,
    )


def _barred(writing: Writing) -> Writing:
    is_upbeat = writing.sections.begins and writing.filled < writing.bar
    upbeat = (writing.filled if is_upbeat else 0) if writing.upbeat is None else writing.upbeat
    return msgspec.structs.replace(
        writing,
        token="",
        sections=writing.sections.barred(),
        filled=0,
        upbeat=upbeat,
        raised=frozenset(),
        newest="" if not writing.tie else writing.newest,
        has_symbol=False,
    )
