"""Which characters may come next in a tune that is being written, so that it is valid ABC whatever is drawn.

Bars add up to the metre, a section that begins with an upbeat ends with a bar that lacks it, repeats open
before they close, first endings are followed by second ones, quotation marks and brackets close. What may be
written is what our spelling of tunes has, without chords in brackets and without changes of key or metre.

Time is counted in twelfths of a quaver, of which every length and every third of one is a whole number.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import msgspec

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

KINDS = ("", "m", "7", "m7", "6", "m6")
"""Of chord symbols."""

STARTS = "ABCDEFGabcdefg"
STRUCTURAL = ("||", "|:", ":|", "::")


LONGEST_ENDING = 3
"""Bars after which the ending of a repeat has to be over with the next."""


class Writing(msgspec.Struct, frozen=True, gc=False):
    """A tune up to a character.

    Attributes:
        bar: ticks of a whole bar.
        filled: ticks of this one so far.
        upbeat: ticks of the bar with which sections begin, 0 for none; None while the first is being written.
        begins: whether this is the first bar of a section.
        bars: bar lines written.
        may_repeat: whether this section can be repeated without a sign at its start: the first, and one that
            follows another that is repeated; :func:`mended` writes the sign.
        is_open: whether a repeat has been opened and not closed.
        ending: 0, or the number of the ending that is being written.
        ending_since: bars before it.
        must_end_anew: whether a second ending has to begin here.
        may_stop: whether a tune can end here: behind a double bar or a repeat.
        newlines: at its end.
        token: what is not whole yet.
        triplet: notes that are left of one, and how they are spelt.
        tie: the note, without its length, that has to come next.
        raised: notes that carry an accidental in this bar.
        has_symbol: whether a chord symbol stands right before.
        goes_on: whether the tune never ends.
        longest: bars after which it ends as soon as it can.
    """

    bar: int
    filled: int = 0
    upbeat: int | None = None
    begins: bool = True
    bars: int = 0
    may_repeat: bool = True
    is_open: bool = False
    ending: int = 0
    ending_since: int = 0
    must_end_anew: bool = False
    may_stop: bool = False
    newlines: int = 0
    token: str = ""
    triplet: int = 0
    spelling: str | None = None
    tie: str = ""
    newest: str = ""
    raised: frozenset[str] = frozenset()
    has_symbol: bool = False
    goes_on: bool = False
    shortest: int = 8
    longest: int = 40

    @property
    def left(self) -> int:
        """Ticks that are left of this bar, or of the upbeat that stands in its place."""
        upbeat = self.upbeat or 0
        if self.begins and upbeat:
            return upbeat - self.filled
        return (self.bar - upbeat if self.is_in_a_hurry else self.bar) - self.filled

    @property
    def is_in_a_hurry(self) -> bool:
        """Whether its section has to end with this bar."""
        is_long = bool(self.ending) and self.bars - self.ending_since >= LONGEST_ENDING
        return not self.begins and (is_long or self.is_tired)

    @property
    def is_tired(self) -> bool:
        """Whether it has to end as soon as it can."""
        return self.bars >= self.longest and not self.goes_on

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
        return frozenset(_in_symbol(token))
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
    return _closed(replace(writing, token=character, may_stop=False))


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
        return replace(
            writing, token="", ending=int(token[1]), must_end_anew=False, ending_since=writing.bars
        )
    return writing


def _starts(writing: Writing) -> Iterator[str]:
    """Yield what may begin a token."""
    if writing.newlines:
        yield "\n"
        return
    if writing.must_end_anew:
        yield "["
        return
    if writing.may_stop and not writing.goes_on and writing.bars >= writing.shortest:
        yield "\n"
        if writing.bars >= writing.longest:
            return
    yield from _bar_starts(writing)
    if writing.tie:
        if writing.left and not writing.triplet:
            yield writing.tie[0]
            if not writing.has_symbol:
                yield '"'
        return
    if _may_tie(writing):
        yield "-"
    if not _can_hold_a_note(writing):
        return
    yield from STARTS
    if not writing.triplet:
        yield "z"
    yield from "^_="
    if not writing.triplet:
        if not writing.has_symbol:
            yield '"'
        if writing.left >= OF_TRIPLETS["/2"] * 3:
            yield "("


def _may_tie(writing: Writing) -> bool:
    is_note = writing.newest and writing.newest != "z" and not writing.has_symbol and not writing.triplet
    # What carries an accidental would lose it beyond the bar line.
    may_last = writing.newest not in writing.raised and not writing.is_in_a_hurry
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
    if _may_begin_ending(writing):
        yield "["


def _may_begin_ending(writing: Writing) -> bool:
    can_repeat = writing.is_open or writing.may_repeat
    behind_a_bar = writing.filled == 0 and not writing.begins and not writing.may_stop and not writing.tie
    return behind_a_bar and can_repeat and not writing.ending and not writing.has_symbol and writing.bars > 1


def _may_draw(writing: Writing, line: str) -> bool:
    """Tell whether a bar line may stand here."""
    if writing.triplet or writing.has_symbol:
        return False
    filled, upbeat = writing.filled, writing.upbeat or 0
    if line == "|:" and not filled and not writing.bars and upbeat == 0 and writing.begins:
        return not writing.is_open
    if not filled:
        return False
    is_full = filled == writing.bar
    if writing.begins and writing.upbeat is None:
        is_upbeat = filled % (TICKS // 2) == 0 and filled < writing.bar
        return line == "|" and (is_full or is_upbeat)
    if writing.begins and upbeat:
        return line == "|" and filled == upbeat
    if line == "|":
        return is_full and not (
            writing.is_in_a_hurry and any(_may_draw(writing, other) for other in STRUCTURAL)
        )
    return not writing.tie and filled == writing.bar - upbeat and _fits(writing, line)


def _fits(writing: Writing, line: str) -> bool:
    """Tell whether a line goes with the repeats so far."""
    can_repeat = writing.is_open or (writing.may_repeat and not writing.ending)
    tired = writing.is_tired
    if writing.ending == 1:
        return line == ":|"
    if writing.ending == 2:
        return line == "||" or (line == "|:" and not tired)
    if line == ":|":
        return can_repeat
    if line == "::":
        return can_repeat and not tired
    if line == "|:":
        return not writing.is_open and not tired
    return not writing.is_open


def _structured(writing: Writing, line: str) -> Writing:
    if line == "|:" and not writing.filled:
        return msgspec.structs.replace(writing, is_open=True, may_repeat=False)
    first_ended = writing.ending == 1
    opens = line in ("|:", "::")
    return msgspec.structs.replace(
        writing,
        filled=0,
        bars=writing.bars + 1,
        # A second ending is a bar of the section that it ends.
        begins=not first_ended,
        may_repeat=line == ":|" and not writing.ending,
        is_open=opens or (first_ended and writing.is_open),
        ending=0,
        must_end_anew=first_ended,
        may_stop=not opens and not first_ended,
        raised=frozenset(),
        newest="",
    )


def _extending(writing: Writing) -> Iterator[str]:
    """Yield what may go on with the token."""
    token = writing.token
    if token == "(":
        yield "3"
    elif token == "[":
        yield "2" if writing.must_end_anew else "1"
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
    is_upbeat = writing.begins and writing.filled < writing.bar
    upbeat = (writing.filled if is_upbeat else 0) if writing.upbeat is None else writing.upbeat
    return msgspec.structs.replace(
        writing,
        token="",
        filled=0,
        upbeat=upbeat,
        begins=False,
        bars=writing.bars + 1,
        raised=frozenset(),
        newest="" if not writing.tie else writing.newest,
        has_symbol=False,
    )


SIGNS_OF_REPEAT = re.compile(r"::|\|:|:\|\[2|:\||\[1|\|\|")


CLOSING = (":|", "::", "[1")


def mended(body: str) -> str:
    """Return the music of a tune with the signs that begin a repeat, which many leave out after another."""
    signs = list(SIGNS_OF_REPEAT.finditer(body))
    # From the end, so that places stay what they are.
    for later, earlier in pairwise(reversed(signs)):
        if earlier[0] == ":|" and later[0] in CLOSING:
            body = body[: earlier.start()] + "::" + body[earlier.end() :]
    return "|:" + body if signs and signs[0][0] in CLOSING else body


ROOTS = "ABCDEFG"


@lru_cache(maxsize=512)
def _in_symbol(token: str) -> tuple[str, ...]:
    """Return what may go on with a chord symbol, which begins with its quotation mark."""
    name = token[1:]
    if not name:
        return tuple(ROOTS)
    if "/" in name:
        bass = name.partition("/")[2]
        return tuple(ROOTS) if not bass else ('"', "#", "b") if len(bass) == 1 else ('"',)
    kind = name[1:].lstrip("#b")
    further = {each[len(kind)] for each in KINDS if each.startswith(kind) and each != kind}
    further |= {'"', "/"} if kind in KINDS else set()
    return tuple(further | ({"#", "b"} if len(name) == 1 else set()))
