"""ABC notation read character by character: notes come out as soon as it is certain how long they are.

A reader is a frozen value, so that one may read on from anywhere. Of the language it reads what is heard:
keys, accidentals to the end of the bar, lengths, broken rhythm, tuplets, ties, chords and chord symbols.
Repeats are passed over, so a tune sounds as it is written, once; ornaments, slurs, words and remarks are
skipped.

http://abcnotation.com/wiki/abc:standard:v2.1
"""

import re
from collections.abc import Iterator
from fractions import Fraction

import msgspec

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
SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
MIDDLE_C = 60
ACCIDENTALS = {"^": 1, "_": -1, "=": 0}
CHORDS = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "min": (0, 3, 7),
    "maj": (0, 4, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "sus4": (0, 5, 7),
}
"""Semitones above the root; of a symbol that is not here, the triad."""

LOWEST_BASS = 40
LOWEST_CHORD = 52
BEATS_OF_TUPLETS = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}
"""In the time of how many notes so many are played; others in that of two."""

MOST_BROKEN = 3
"""Signs of a broken rhythm: the standard knows no more."""

_NOTE = re.compile(r"(?P<signs>[_^=]*)(?P<letter>[A-Ga-gzxyZ])(?P<octave>[,']*)(?P<length>[\d/]*)$")
# Nobody writes longer numbers, and there are some that nobody could compute with.
_LENGTH = re.compile(r"(\d{0,4})(/{0,8})((?<=/)\d{0,4}|)$")
_METRE = re.compile(r"[1-9]\d{0,3}/[1-9]\d{0,3}")
_SYMBOL = re.compile(r"([A-G])([#b]?)([^/]*)(?:/([A-Ga-g])([#b]?))?$")
_TEMPO = re.compile(r"(?:(\d+)/(\d+)\s*=\s*)?(\d+)")

EXTENDING = (
    re.compile(r'"[^"]*'),
    re.compile(r"![^!\n]*"),
    re.compile(r"\{[^}\n]*"),
    re.compile(r"%[^\n]*"),
    re.compile(r"\[[A-Za-z]?"),
    re.compile(r"\[[A-Za-z]:[^\]\n]*"),
    re.compile(r"\[[|\d]"),
    re.compile(r"\|[|:\]\d]*"),
    re.compile(r":[|:\d]*"),
    re.compile(r"\(\d?(?::\d?){0,2}"),
    re.compile(r"[_^=]+[A-Ga-g]?[,']*[\d/]*"),
    re.compile(r"[A-Ga-gzxyZ][,']*[\d/]*"),
    re.compile(r"\][\d/]*"),
    re.compile(r"[<>]+"),
)
"""What a token may look like while it is not whole."""

CLOSED = re.compile(r'"[^"]*"|!.*!|\{.*\}|\[[A-Za-z]:[^\]\n]*\]', re.DOTALL)
"""Tokens that end with their last character and not before the next."""

FIELD_LINE = re.compile(r"[A-Za-z]:(?![|:])")


class AbcError(Exception):
    """Something in a tune cannot be read; the sentence says where: line and column, both from 1."""


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


class Reader(msgspec.Struct, frozen=True, gc=False):
    """What has been read so far.

    Attributes:
        at: quavers since the beginning, of what comes next.
        quavers_a_minute: by the tempo field, 0 where there is none.
        line, column: of the character that comes next.
    """

    at: Fraction = Fraction(0)
    in_bar: Fraction = Fraction(0)
    metre: str = "4/4"
    unit: Fraction | None = None
    signs: int = 0
    quavers_a_minute: Fraction = Fraction(0)
    is_body: bool = False
    line: int = 1
    column: int = 1
    token: str = ""
    starts_line: bool = True
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

    def read(self, text: str) -> "tuple[Reader, list[Sound]]":
        """Read some text; return the reader after it and the notes that became certain.

        Raises:
            AbcError: something cannot be read.
        """
        reader, sounds = self, list[Sound]()
        for character in text:
            reader, more = reader._character(character)
            sounds += more
        return reader, sounds

    def ended(self) -> list[Sound]:
        """Return the notes that are certain once nothing more comes."""
        reader, sounds = self._completed()
        reader, more = reader._settled()
        return sounds + more + reader._symbol_sounds(reader.at)

    @property
    def quavers_in_bar(self) -> Fraction:
        return Fraction(self.metre) / QUAVER

    def _character(self, character: str) -> "tuple[Reader, list[Sound]]":
        reader, sounds = self, list[Sound]()
        if not reader.is_body or reader.starts_line:
            reader = reader._in_line(character)
        elif character == "\n" or (character.isspace() and not reader.token.startswith(('"', "!", "{", "%"))):
            reader, sounds = reader._completed()
        elif reader._extends(character):
            reader = msgspec.structs.replace(reader, token=reader.token + character)
            if CLOSED.fullmatch(reader.token):
                reader, sounds = reader._completed()
        else:
            reader, sounds = reader._completed()
            if reader.token:  # A chord began, and within it a note that may go on.
                reader, more = msgspec.structs.replace(reader, column=self.column)._character(character)
                return reader, sounds + more
            reader = msgspec.structs.replace(reader, token=character)
        if character == "\n":
            reader, more = reader._line_ended()
            sounds += more
            return msgspec.structs.replace(reader, line=self.line + 1, column=1, starts_line=True), sounds
        return msgspec.structs.replace(reader, column=self.column + 1), sounds

    def _in_line(self, character: str) -> "Reader":
        """Take a character of a line of which it is not yet known whether it is a field."""
        token = self.token + character
        if not self.is_body:
            return msgspec.structs.replace(self, token=token)
        if len(token) < 3 and re.fullmatch(r"[A-Za-z]:?", token):
            return msgspec.structs.replace(self, token=token)
        if FIELD_LINE.match(token) or token.startswith("%"):
            return msgspec.structs.replace(self, token=token)
        if character == "\n":
            return self
        reader = msgspec.structs.replace(
            self, token="", starts_line=False, column=self.column - len(self.token)
        )
        for each in token:
            reader, _ = reader._character(each)
        return msgspec.structs.replace(reader, column=self.column)

    def _line_ended(self) -> "tuple[Reader, list[Sound]]":
        if self.is_body and not self.starts_line:
            return self._completed()
        told, sounds = self.token.strip(), list[Sound]()
        reader = msgspec.structs.replace(self, token="")
        if FIELD_LINE.match(told):
            return reader._field(told[0], told[2:].partition("%")[0].strip()), sounds
        if self.is_body and told and not told.startswith("%"):
            # Too short for anybody to have seen that it is music.
            reader, sounds = msgspec.structs.replace(reader, starts_line=False).read(told)
            reader, more = reader._completed()
            return reader, sounds + more
        return reader, sounds

    def _extends(self, character: str) -> bool:
        longer = self.token + character
        return bool(self.token) and any(
            shape.fullmatch(longer) or (shape.match(longer) and CLOSED.fullmatch(longer))
            for shape in EXTENDING
        )

    def _completed(self) -> "tuple[Reader, list[Sound]]":
        """Take the token that is whole now for what it means."""
        if not self.token:
            return self, []
        begun = msgspec.structs.replace(self, token="", column=max(1, self.column - len(self.token)))
        reader, sounds = begun._understood(self.token)
        return msgspec.structs.replace(reader, column=self.column), sounds

    def _understood(self, token: str) -> "tuple[Reader, list[Sound]]":
        """Take in a token, that begins at this line and column."""
        reader = self
        if re.fullmatch(r"\[[A-Za-z]", token):
            reader, sounds = self._understood("[")
            reader, more = reader._character(token[1])
            return reader, sounds + more
        if token[0] in "|:" or token == "[|":
            return reader._bar()
        if token == "[":
            return self._chord_opens(), []
        if token.startswith("[") and token[1:2].isalpha():
            return reader._field(token[1], token[3:].rstrip("]").strip()), []
        if token[0] == "]":
            return reader._chord_closes(token[1:])
        if token[0] == '"':
            return reader._symbol(token.strip('"'))
        if token[0] == "(":
            return reader._tuplet(token), []
        if token[0] in "<>":
            return reader._broken(token)
        if token == "-":
            return reader._tie(), []
        if token[0] in "_^=" or token[0] in "ABCDEFGabcdefgzxZ":
            return reader._note(token)
        if token[0] in '!{%.~\\`y)*+$"[uvHIJKLMNOPQRSTUVWw&' or token.isdigit():
            return reader, []
        raise self._error(f"{token!r} is nothing that a tune is made of")

    def _error(self, what: str) -> AbcError:
        return AbcError(f"line {self.line}, column {self.column}: {what}")

    def _field(self, name: str, value: str) -> "Reader":
        replace = msgspec.structs.replace
        try:
            if name == "M" and value.lower() != "none":
                metre = METRES.get(value, value)
                if not _METRE.fullmatch(metre):
                    raise self._error(f"{value!r} is no metre")
                return replace(self, metre=metre, in_bar=Fraction(0))
            if name == "L":
                return replace(self, unit=unit_named(value))
            if name == "Q":
                return self._tempo(value)
            if name == "K":
                if value.lower() in ("", "none", "hp"):
                    return replace(self, signs=0, is_body=True)
                key = key_named(value.split()[0] if value.split() else value)
                return replace(self, signs=fifths_of(key), is_body=True)
        except (SpellingError, ValueError, ZeroDivisionError) as error:
            raise self._error(f"{name}:{value} cannot be read") from error
        return self

    def _tempo(self, value: str) -> "Reader":
        found = _TEMPO.search(re.sub(r'"[^"]*"', "", value))
        if not found:
            return self
        beat = Fraction(int(found[1]), int(found[2])) if found[1] else Fraction(1, 4)
        return msgspec.structs.replace(self, quavers_a_minute=int(found[3]) * beat / QUAVER)

    def _bar(self) -> "tuple[Reader, list[Sound]]":
        """End a bar: what is not tied is certain now, and its chord is struck anew in the next."""
        reader, certain = self._settled()
        certain += self._symbol_sounds(self.at)
        return msgspec.structs.replace(
            reader, accidentals=(), in_bar=Fraction(0), symbol_since=self.at
        ), certain

    def _chord_opens(self) -> "Reader":
        if self.group is not None:
            raise self._error("a chord begins within a chord")
        return msgspec.structs.replace(self, group=())

    def _chord_closes(self, told: str) -> "tuple[Reader, list[Sound]]":
        if self.group is None:
            return self, []
        pitches, length = self.group, self.group_length * self._length(told, Fraction(1))
        reader = msgspec.structs.replace(self, group=None, group_length=Fraction(0))
        return reader._sounding(pitches, length)

    def _note(self, token: str) -> "tuple[Reader, list[Sound]]":
        found = _NOTE.match(token)
        if not found:
            raise self._error(f"{token!r} is no note")
        length = self._length(found["length"], self.unit or usual_unit(self.metre)) / QUAVER
        if found["letter"] in "zxyZ":
            bars = length * QUAVER / (self.unit or usual_unit(self.metre)) * self.quavers_in_bar
            return self._sounding((), bars if found["letter"] == "Z" else length)
        reader, pitch = self._pitch(found)
        if reader.group is None:
            return reader._sounding((pitch,), length)
        longest = length if not reader.group else reader.group_length
        return msgspec.structs.replace(reader, group=(*reader.group, pitch), group_length=longest), []

    def _pitch(self, found: re.Match[str]) -> "tuple[Reader, int]":
        letter, octave = found["letter"].upper(), found["octave"].count("'") - found["octave"].count(",")
        octave += found["letter"].islower()
        place, reader = f"{letter}{octave}", self
        if found["signs"]:
            alteration = sum(ACCIDENTALS[sign] for sign in found["signs"])
            others = tuple(each for each in self.accidentals if each[0] != place)
            reader = msgspec.structs.replace(self, accidentals=(*others, (place, alteration)))
        else:
            alteration = dict(self.accidentals).get(place, altered(letter, self.signs))
        pitch = MIDDLE_C + SEMITONES[letter] + 12 * octave + alteration
        # What is tied over a bar line keeps its accidental.
        if not found["signs"] and self.tied and pitch not in [each.pitch for each in self.tied]:
            near = [each.pitch for each in self.tied if abs(each.pitch - pitch) == 1]
            pitch = near[0] if near and place not in dict(self.accidentals) else pitch
        if not 0 <= pitch <= 127:
            raise self._error(f"{found[0]!r} lies outside what can be played")
        return reader, pitch

    def _length(self, told: str, unit: Fraction) -> Fraction:
        found = _LENGTH.match(told)
        if not found or (found[1] and not int(found[1])) or (found[3] and not int(found[3])):
            raise self._error(f"{told!r} is no length")
        divisor = int(found[3]) if found[3] else 2 ** len(found[2])
        return Fraction(int(found[1] or 1), divisor) * unit

    def _sounding(self, pitches: tuple[int, ...], length: Fraction) -> "tuple[Reader, list[Sound]]":
        """Let pitches sound, none for a rest; what sounded before is certain now."""
        reader, certain = self._settled()
        length *= reader.broken
        left, factor = reader.tuplet_left, reader.tuplet_factor
        if left:
            length *= factor
        ends = reader.at + length
        since = {tied.pitch: tied.begins for tied in reader.tied}
        newest = tuple(Sound(Pitch(pitch), since.pop(pitch, reader.at), ends) for pitch in pitches)
        # A tie to another pitch ties nothing.
        certain += [Sound(Pitch(pitch), begins, reader.at) for pitch, begins in since.items()]
        return msgspec.structs.replace(
            reader,
            at=ends,
            in_bar=reader.in_bar + length,
            newest=newest,
            tied=(),
            broken=Fraction(1),
            tuplet_left=max(0, left - 1),
        ), certain

    def _settled(self) -> "tuple[Reader, list[Sound]]":
        """Take the newest note for what it is; it can neither be tied nor made longer any more."""
        return msgspec.structs.replace(self, newest=()), list(self.newest)

    def _tie(self) -> "Reader":
        tied = tuple(_Tied(sound.pitch, sound.begins) for sound in self.newest)
        return msgspec.structs.replace(self, tied=tied, newest=())

    def _broken(self, token: str) -> "tuple[Reader, list[Sound]]":
        """Lengthen the note before by as much as the next is shortened, or the other way round."""
        if len(token) > MOST_BROKEN:
            raise self._error(f"{token[:9]!r} is no broken rhythm")
        short = Fraction(1, 2 ** len(token))
        before, after = (2 - short, short) if token[0] == ">" else (short, 2 - short)
        if not self.newest:
            return msgspec.structs.replace(self, broken=after), []
        length = self.newest[0].ends - max(sound.begins for sound in self.newest)
        shift = length * before - length
        newest = tuple(msgspec.structs.replace(sound, ends=sound.ends + shift) for sound in self.newest)
        at, in_bar = self.at + shift, self.in_bar + shift
        return msgspec.structs.replace(self, newest=newest, at=at, in_bar=in_bar, broken=after), []

    def _tuplet(self, token: str) -> "Reader":
        if len(token) < 2:
            return self
        parts = [int(part) if part else 0 for part in token[1:].split(":")] + [0, 0]
        notes = parts[0]
        if not notes:
            raise self._error(f"{token!r} is no tuplet")
        time = parts[1] or BEATS_OF_TUPLETS.get(notes, 3 if self.metre.endswith("/8") else 2)
        return msgspec.structs.replace(
            self, tuplet_left=parts[2] or notes, tuplet_factor=Fraction(time, notes)
        )

    def _symbol(self, told: str) -> "tuple[Reader, list[Sound]]":
        pitches = chord_pitches(told)
        if not pitches:
            return self, []
        certain = self._symbol_sounds(self.at)
        return msgspec.structs.replace(self, symbol=pitches, symbol_since=self.at), certain

    def _symbol_sounds(self, until: Fraction) -> list[Sound]:
        if until <= self.symbol_since:
            return []
        return [Sound(Pitch(pitch), self.symbol_since, until, is_chord=True) for pitch in self.symbol]


def chord_pitches(symbol: str) -> tuple[int, ...]:
    """Return the pitches of a chord symbol, its bass first; none where it is a remark."""
    found = _SYMBOL.match(symbol.strip("() "))
    if not found:
        return ()
    root = _pitch_class(found[1], found[2])
    bass = _pitch_class(found[4].upper(), found[5]) if found[4] else root
    third = CHORDS["m"] if found[3].startswith("m") and not found[3].startswith("maj") else CHORDS[""]
    above = CHORDS.get(found[3], third)
    chord = sorted(LOWEST_CHORD + (root + each - LOWEST_CHORD) % 12 for each in above)
    return (LOWEST_BASS + (bass - LOWEST_BASS) % 12, *chord)


def _pitch_class(letter: str, sign: str) -> int:
    return SEMITONES[letter] + {"": 0, "#": 1, "b": -1}[sign]


def sounds_of(tune: str) -> tuple[list[Sound], Reader]:
    """Return the notes of a whole tune, by when they begin, and the reader at its end.

    Raises:
        AbcError: something in it cannot be read.
    """
    reader, sounds = Reader().read(tune if tune.endswith("\n") else tune + "\n")
    if not reader.is_body:
        raise AbcError(f"line {reader.line}, column 1: the tune has no K: field, after which its notes begin")
    sounds += reader.ended()
    return sorted(sounds, key=lambda sound: (sound.begins, sound.pitch)), reader


def chords_of(sounds: list[Sound]) -> Iterator[Sound]:
    """Yield those of some notes that belong to chord symbols."""
    return (sound for sound in sounds if sound.is_chord)
