"""The sections of a tune that is being written: which double bars, repeats and endings may come next.

It counts bars and knows nothing of what fills them: repeats open before they close, first endings are
followed by second ones, and a tune that has grown long ends as soon as it can.
"""

import re
from itertools import pairwise

import msgspec

STRUCTURAL = ("||", "|:", ":|", "::")

LONGEST_ENDING = 3
"""Bars after which the ending of a repeat has to be over with the next."""

SIGNS_OF_REPEAT = re.compile(r"::|\|:|:\|\[2|:\||\[1|\|\|")
CLOSING = (":|", "::", "[1")


class Sections(msgspec.Struct, frozen=True, gc=False):
    """A tune up to a bar.

    Attributes:
        begins: whether this is the first bar of a section.
        bars: bar lines written.
        may_repeat: whether this section can be repeated without a sign at its start: the first, and one that
            follows another that is repeated; :func:`mended` writes the sign.
        is_open: whether a repeat has been opened and not closed.
        ending: 0, or the number of the ending that is being written.
        ending_since: bars before it.
        must_end_anew: whether a second ending has to begin here.
        may_stop: whether a tune can end here: behind a double bar or a repeat.
        goes_on: whether the tune never ends.
        shortest: bars before which it does not end.
        longest: bars after which it ends as soon as it can.
    """

    begins: bool = True
    bars: int = 0
    may_repeat: bool = True
    is_open: bool = False
    ending: int = 0
    ending_since: int = 0
    must_end_anew: bool = False
    may_stop: bool = False
    goes_on: bool = False
    shortest: int = 8
    longest: int = 40

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
    def may_be_over(self) -> bool:
        """Whether the tune may end here."""
        return self.may_stop and not self.goes_on and self.bars >= self.shortest

    @property
    def may_begin_ending(self) -> bool:
        """Whether the first of two endings may begin behind this bar line."""
        can_repeat = self.is_open or self.may_repeat
        return can_repeat and not (self.begins or self.may_stop or self.ending) and self.bars > 1

    def fits(self, line: str) -> bool:
        """Tell whether a double bar or a sign of repeat goes with the repeats so far."""
        if self.ending == 1:
            return line == ":|"
        if self.ending == 2:
            return line == "||" or (line == "|:" and not self.is_tired)
        can_repeat = self.is_open or self.may_repeat
        if line == ":|":
            return can_repeat
        if line == "::":
            return can_repeat and not self.is_tired
        if line == "|:":
            return not self.is_open and not self.is_tired
        return not self.is_open

    def opened(self) -> "Sections":
        """Return the tune with a repeat that opens before its first note."""
        return msgspec.structs.replace(self, is_open=True, may_repeat=False)

    def barred(self) -> "Sections":
        """Return the tune with a plain bar line more."""
        return msgspec.structs.replace(self, begins=False, bars=self.bars + 1)

    def ended_with(self, line: str) -> "Sections":
        """Return the tune with a double bar or a sign of repeat more, that ends a section."""
        first_ended = self.ending == 1
        opens = line in ("|:", "::")
        return msgspec.structs.replace(
            self,
            bars=self.bars + 1,
            # A second ending is a bar of the section that it ends.
            begins=not first_ended,
            may_repeat=line == ":|" and not self.ending,
            is_open=opens or (first_ended and self.is_open),
            ending=0,
            must_end_anew=first_ended,
            may_stop=not opens and not first_ended,
        )

    def with_ending(self, number: int) -> "Sections":
        """Return the tune with an ending that begins here, the first or the second."""
        return msgspec.structs.replace(self, ending=number, must_end_anew=False, ending_since=self.bars)

    def gone_on(self) -> "Sections":
        """Return the tune with anything behind what it could have ended with."""
        return msgspec.structs.replace(self, may_stop=False) if self.may_stop else self


def mended(body: str) -> str:
    """Return the music of a tune with the signs that begin a repeat, which many leave out after another."""
    signs = list(SIGNS_OF_REPEAT.finditer(body))
    # From the end, so that places stay what they are.
    for later, earlier in pairwise(reversed(signs)):
        if earlier[0] == ":|" and later[0] in CLOSING:
            body = body[: earlier.start()] + "::" + body[earlier.end() :]
    return "|:" + body if signs and signs[0][0] in CLOSING else body
