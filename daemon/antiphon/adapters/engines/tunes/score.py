"""A tune as notes in time: what each token of ABC adds to it. It knows neither characters nor lines.

Of the language it takes what is heard: keys, accidentals to the end of the bar, lengths, broken rhythm,
tuplets, ties, chords and chord symbols. Repeats are passed over, so a tune sounds as it is written, once;
ornaments, slurs, words and remarks are skipped.

http://abcnotation.com/wiki/abc:standard:v2.1
"""

import re
from fractions import Fraction

import msgspec

from antiphon.adapters.engines.tunes.chord_symbols import chord_pitches
from antiphon.adapters.engines.tunes.pitch_names import MIDDLE_C, SEMITONES
from antiphon.core.units import Pitch
from antiphon_models.tunes.keys import altered
from antiphon_models.tunes.spelling import (
    METRES,
    SpellingError,
    fifths_of,
    key_named,
    unit_named,
    usual_unit,
)

QUAVER = Fraction(1, 8)
ACCIDENTALS = {"^": 1, "_": -1, "=": 0}
BEATS_OF_TUPLETS = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}
"""In the time of how many notes so many are played; others in that of two."""

MOST_BROKEN = 3
"""Signs of a broken rhythm: the standard knows no more."""

UNHEARD = '!{%.~\\`y)*+$"[uvHIJKLMNOPQRSTUVWw&'
"""What begins a token that nobody hears."""

_NOTE = re.compile(r"(?P<signs>[_^=]*)(?P<letter>[A-Ga-gzxyZ])(?P<octave>[,']*)(?P<length>[\d/]*)$")
# Nobody writes longer numbers, and there are some that nobody could compute with.
_LENGTH = re.compile(r"(\d{0,4})(/{0,8})((?<=/)\d{0,4}|)$")
_METRE = re.compile(r"[1-9]\d{0,3}/[1-9]\d{0,3}")
_TEMPO = re.compile(r"(?:(\d+)/(\d+)\s*=\s*)?(\d+)")


class TokenError(Exception):
    """A token means nothing where it stands; the sentence says which."""


class Sound(msgspec.Struct, frozen=True, gc=False):
    """A note or a note of a chord, in quavers from the beginning of the tune."""

    pitch: Pitch
    begins: Fraction
    ends: Fraction
    is_chord: bool = False
    """Whether it belongs to a chord symbol, and not to the melody."""


class _Tied(msgspec.Struct, frozen=True, gc=False):
    pitch: int
    begins: Fraction


class Score(msgspec.Struct, frozen=True, gc=False):
    """The notes so far, up to those that may still become longer.

    Attributes:
        at: quavers since the beginning, of what comes next.
        in_bar: the same since the last bar line.
        unit: of a note without a number; None where it follows from the metre.
        signs: sharps of the key; flats are negative.
        quavers_a_minute: by the tempo field, 0 where there is none.
        accidentals: of this bar, by letter and octave.
        broken: times the length of the next note.
        group: pitches of the chord in brackets that is open, and how long its first note is.
        newest: notes that may still be made longer, or be tied.
        symbol: the pitches of the chord symbol that sounds, and since when.
    """

    at: Fraction = Fraction(0)
    in_bar: Fraction = Fraction(0)
    metre: str = "4/4"
    unit: Fraction | None = None
    signs: int = 0
    quavers_a_minute: Fraction = Fraction(0)
    accidentals: tuple[tuple[str, int], ...] = ()
    tuplet_left: int = 0
    tuplet_factor: Fraction = Fraction(1)
    broken: Fraction = Fraction(1)
    group: tuple[int, ...] | None = None
    group_length: Fraction = Fraction(0)
    newest: tuple[Sound, ...] = ()
    tied: tuple[_Tied, ...] = ()
    symbol: tuple[int, ...] = ()
    symbol_since: Fraction = Fraction(0)

    @property
    def quavers_in_bar(self) -> Fraction:
        return Fraction(self.metre) / QUAVER

    def then(self, token: str) -> "tuple[Score, list[Sound]]":
        """Return the score with a token more, and the notes that became certain by it.

        Raises:
            TokenError: it means nothing.
        """
        if token[0] in "|:" or token == "[|":
            return self._bar()
        if token == "[":
            return self._chord_opens(), []
        if token.startswith("[") and token[1:2].isalpha():
            return self.with_field(token[1], token[3:].rstrip("]").strip()), []
        if token[0] == "]":
            return self._chord_closes(token[1:])
        if token[0] == '"':
            return self._symbol(token.strip('"'))
        if token[0] == "(":
            return self._tuplet(token), []
        if token[0] in "<>":
            return self._broken(token)
        if token == "-":
            return self._tie(), []
        if token[0] in "_^=ABCDEFGabcdefgzxZ":
            return self._note(token)
        if token[0] in UNHEARD or token.isdigit():
            return self, []
        raise TokenError(f"{token!r} is nothing that a tune is made of")

    def with_field(self, name: str, value: str) -> "Score":
        """Return the score in the metre, unit, tempo or key that a field gives; other fields change nothing.

        Raises:
            TokenError: its value cannot be read.
        """
        replace = msgspec.structs.replace
        try:
            if name == "M" and value.lower() != "none":
                metre = METRES.get(value, value)
                if not _METRE.fullmatch(metre):
                    raise TokenError(f"{value!r} is no metre")
                return replace(self, metre=metre, in_bar=Fraction(0))
            if name == "L":
                return replace(self, unit=unit_named(value))
            if name == "Q":
                return self._tempo(value)
            if name == "K":
                if value.lower() in ("", "none", "hp"):
                    return replace(self, signs=0)
                key = key_named(value.split()[0] if value.split() else value)
                return replace(self, signs=fifths_of(key))
        except (SpellingError, ValueError, ZeroDivisionError) as error:
            raise TokenError(f"{name}:{value} cannot be read") from error
        return self

    def ended(self) -> list[Sound]:
        """Return the notes that are certain once nothing more comes."""
        score, sounds = self._settled()
        return sounds + score._symbol_sounds(score.at)

    def _tempo(self, value: str) -> "Score":
        found = _TEMPO.search(re.sub(r'"[^"]*"', "", value))
        if not found:
            return self
        beat = Fraction(int(found[1]), int(found[2])) if found[1] else Fraction(1, 4)
        return msgspec.structs.replace(self, quavers_a_minute=int(found[3]) * beat / QUAVER)

    def _bar(self) -> "tuple[Score, list[Sound]]":
        """End a bar: what is not tied is certain now, and its chord is struck anew in the next."""
        score, certain = self._settled()
        certain += self._symbol_sounds(self.at)
        return msgspec.structs.replace(
            score, accidentals=(), in_bar=Fraction(0), symbol_since=self.at
        ), certain

    def _chord_opens(self) -> "Score":
        if self.group is not None:
            raise TokenError("a chord begins within a chord")
        return msgspec.structs.replace(self, group=())

    def _chord_closes(self, told: str) -> "tuple[Score, list[Sound]]":
        if self.group is None:
            return self, []
        pitches, length = self.group, self.group_length * self._length(told, Fraction(1))
        score = msgspec.structs.replace(self, group=None, group_length=Fraction(0))
        return score._sounding(pitches, length)

    def _note(self, token: str) -> "tuple[Score, list[Sound]]":
        found = _NOTE.match(token)
        if not found:
            raise TokenError(f"{token!r} is no note")
        length = self._length(found["length"], self.unit or usual_unit(self.metre)) / QUAVER
        if found["letter"] in "zxyZ":
            bars = length * QUAVER / (self.unit or usual_unit(self.metre)) * self.quavers_in_bar
            return self._sounding((), bars if found["letter"] == "Z" else length)
        score, pitch = self._pitch(found)
        if score.group is None:
            return score._sounding((pitch,), length)
        of_first = score.group_length if score.group else length
        return msgspec.structs.replace(score, group=(*score.group, pitch), group_length=of_first), []

    def _pitch(self, found: re.Match[str]) -> "tuple[Score, int]":
        letter, octave = found["letter"].upper(), found["octave"].count("'") - found["octave"].count(",")
        octave += found["letter"].islower()
        place, score = f"{letter}{octave}", self
        if found["signs"]:
            alteration = sum(ACCIDENTALS[sign] for sign in found["signs"])
            others = tuple(each for each in self.accidentals if each[0] != place)
            score = msgspec.structs.replace(self, accidentals=(*others, (place, alteration)))
        else:
            alteration = dict(self.accidentals).get(place, altered(letter, self.signs))
        pitch = MIDDLE_C + SEMITONES[letter] + 12 * octave + alteration
        # What is tied over a bar line keeps its accidental.
        if not found["signs"] and self.tied and pitch not in [each.pitch for each in self.tied]:
            near = [each.pitch for each in self.tied if abs(each.pitch - pitch) == 1]
            pitch = near[0] if near and place not in dict(self.accidentals) else pitch
        if not 0 <= pitch <= 127:
            raise TokenError(f"{found[0]!r} lies outside what can be played")
        return score, pitch

    def _length(self, told: str, unit: Fraction) -> Fraction:
        found = _LENGTH.match(told)
        if not found or (found[1] and not int(found[1])) or (found[3] and not int(found[3])):
            raise TokenError(f"{told!r} is no length")
        divisor = int(found[3]) if found[3] else 2 ** len(found[2])
        return Fraction(int(found[1] or 1), divisor) * unit

    def _sounding(self, pitches: tuple[int, ...], length: Fraction) -> "tuple[Score, list[Sound]]":
        """Let pitches sound, none for a rest; what sounded before is certain now."""
        score, certain = self._settled()
        length *= score.broken
        left, factor = score.tuplet_left, score.tuplet_factor
        if left:
            length *= factor
        ends = score.at + length
        since = {tied.pitch: tied.begins for tied in score.tied}
        newest = tuple(Sound(Pitch(pitch), since.pop(pitch, score.at), ends) for pitch in pitches)
        # A tie to another pitch ties nothing.
        certain += [Sound(Pitch(pitch), begins, score.at) for pitch, begins in since.items()]
        return msgspec.structs.replace(
            score,
            at=ends,
            in_bar=score.in_bar + length,
            newest=newest,
            tied=(),
            broken=Fraction(1),
            tuplet_left=max(0, left - 1),
        ), certain

    def _settled(self) -> "tuple[Score, list[Sound]]":
        """Take the newest note for what it is; it can neither be tied nor made longer any more."""
        return msgspec.structs.replace(self, newest=()), list(self.newest)

    def _tie(self) -> "Score":
        tied = tuple(_Tied(sound.pitch, sound.begins) for sound in self.newest)
        return msgspec.structs.replace(self, tied=tied, newest=())

    def _broken(self, token: str) -> "tuple[Score, list[Sound]]":
        """Lengthen the note before by as much as the next is shortened, or the other way round."""
        if len(token) > MOST_BROKEN:
            raise TokenError(f"{token[:9]!r} is no broken rhythm")
        short = Fraction(1, 2 ** len(token))
        before, after = (2 - short, short) if token[0] == ">" else (short, 2 - short)
        if not self.newest:
            return msgspec.structs.replace(self, broken=after), []
        length = self.newest[0].ends - max(sound.begins for sound in self.newest)
        shift = length * before - length
        newest = tuple(msgspec.structs.replace(sound, ends=sound.ends + shift) for sound in self.newest)
        at, in_bar = self.at + shift, self.in_bar + shift
        return msgspec.structs.replace(self, newest=newest, at=at, in_bar=in_bar, broken=after), []

    def _tuplet(self, token: str) -> "Score":
        if len(token) < 2:
            return self
        parts = [int(part) if part else 0 for part in token[1:].split(":")] + [0, 0]
        notes = parts[0]
        if not notes:
            raise TokenError(f"{token!r} is no tuplet")
        time = parts[1] or BEATS_OF_TUPLETS.get(notes, 3 if self.metre.endswith("/8") else 2)
        return msgspec.structs.replace(
            self, tuplet_left=parts[2] or notes, tuplet_factor=Fraction(time, notes)
        )

    def _symbol(self, told: str) -> "tuple[Score, list[Sound]]":
        pitches = chord_pitches(told)
        if not pitches:
            return self, []
        certain = self._symbol_sounds(self.at)
        return msgspec.structs.replace(self, symbol=pitches, symbol_since=self.at), certain

    def _symbol_sounds(self, until: Fraction) -> list[Sound]:
        if until <= self.symbol_since:
            return []
        return [Sound(Pitch(pitch), self.symbol_since, until, is_chord=True) for pitch in self.symbol]
