"""ABC notation read character by character: notes come out as soon as it is certain how long they are.

A reader is a frozen value, so that one may read on from anywhere. It finds the tokens and says where an error
is; what a token means is up to the :mod:`~antiphon.adapters.engines.tunes.score`.
"""

import re

import msgspec

from antiphon.adapters.engines.tunes.score import Score, Sound, TokenError

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


class Reader(msgspec.Struct, frozen=True, gc=False):
    """What has been read so far.

    Attributes:
        score: what it means.
        is_body: whether the header is over, that ends with its key.
        line, column: of the character that comes next.
        token: what is not whole yet.
        starts_line: whether this may still be a line that holds a field.
    """

    score: Score = Score()
    is_body: bool = False
    line: int = 1
    column: int = 1
    token: str = ""
    starts_line: bool = True

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
        return sounds + reader.score.ended()

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
            return reader._with_field(told[0], told[2:].partition("%")[0].strip()), sounds
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
        if re.fullmatch(r"\[[A-Za-z]", token):
            reader, sounds = self._understood("[")
            reader, more = reader._character(token[1])
            return reader, sounds + more
        try:
            score, sounds = self.score.then(token)
        except TokenError as error:
            raise self._placed(error) from error
        return msgspec.structs.replace(self, score=score), sounds

    def _with_field(self, name: str, value: str) -> "Reader":
        try:
            score = self.score.with_field(name, value)
        except TokenError as error:
            raise self._placed(error) from error
        return msgspec.structs.replace(self, score=score, is_body=self.is_body or name == "K")

    def _placed(self, error: TokenError) -> AbcError:
        return AbcError(f"line {self.line}, column {self.column}: {error}")


def sounds_of(tune: str) -> tuple[list[Sound], Score]:
    """Return the notes of a whole tune, by when they begin, and the score at its end.

    Raises:
        AbcError: something in it cannot be read.
    """
    reader, sounds = Reader().read(tune if tune.endswith("\n") else tune + "\n")
    if not reader.is_body:
        raise AbcError(f"line {reader.line}, column 1: the tune has no K: field, after which its notes begin")
    sounds += reader.ended()
    return sorted(sounds, key=lambda sound: (sound.begins, sound.pitch)), reader.score
