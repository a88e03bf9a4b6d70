"""The token: made once, told once, kept as its digest."""

from pathlib import Path

import msgspec
import pytest

from antiphon.adapters.doors.web.guard import digest_of
from antiphon.adapters.doors.web.secret import CREDENTIAL, Secret, secret_of
from antiphon.errors import DoorError
from antiphon.settings import Web
from default_config import loaded

WEB = loaded().config.web


def named(path: Path) -> Web:
    return msgspec.structs.replace(WEB, token_file=str(path))


def test_it_is_made_once_and_nothing_on_the_disk_tells_it(tmp_path: Path) -> None:
    environ = {"STATE_DIRECTORY": str(tmp_path / "antiphon")}
    made = secret_of(WEB, environ)
    assert len(made.new) >= 32
    assert made.digest == digest_of(made.new)
    [kept] = (tmp_path / "antiphon").iterdir()
    assert made.new not in kept.read_text()
    assert secret_of(WEB, environ) == Secret(made.digest, kept_in=kept)


def test_another_is_made_where_what_was_kept_is_gone_or_damaged(tmp_path: Path) -> None:
    environ = {"STATE_DIRECTORY": str(tmp_path)}
    first = secret_of(WEB, environ)
    assert first.kept_in is not None
    first.kept_in.unlink()
    second = secret_of(WEB, environ)
    first.kept_in.write_text("nonsense")
    third = secret_of(WEB, environ)
    assert len({first.new, second.new, third.new, ""}) == 4


def test_where_it_cannot_be_kept_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "antiphon").write_text("a file where a folder should be")
    made = secret_of(WEB, {"STATE_DIRECTORY": str(tmp_path / "antiphon")})
    assert made.new
    assert made.kept_in is None
    assert "cannot be written" in made.trouble


def test_ones_own_is_read_from_a_file_or_a_credential(tmp_path: Path) -> None:
    (tmp_path / CREDENTIAL).write_text("sesame, open yourself\n")
    expected = Secret(digest_of("sesame, open yourself"))
    assert secret_of(named(tmp_path / CREDENTIAL), {}) == expected
    assert secret_of(WEB, {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == expected


@pytest.mark.parametrize(
    ("content", "told"), [(b"sesame", "too short"), (b"\xff" * 20, "cannot read the token")]
)
def test_a_file_that_holds_no_token_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "token").write_bytes(content)
    with pytest.raises(DoorError, match=told):
        secret_of(named(tmp_path / "token"), {})


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DoorError, match="cannot read the token"):
        secret_of(named(tmp_path / "nowhere"), {})
