"""What a release consists of: wheel and sdist, the same wherever they are built, and the locks."""

import email
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from antiphon import __version__

PROJECT = Path(__file__).resolve().parent.parent

DESCRIBED = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))

EXTRAS = DESCRIBED["project"]["optional-dependencies"]

LARGEST_WHEEL = 15_000_000

A_MOMENT = "1700000000"


@dataclass(frozen=True, slots=True)
class Built:
    wheel: Path
    sdist: Path


def built(source: Path, out: Path, *, mask: int) -> Built:
    """Build both, as somebody whose files are readable to others, or are not."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(out)],
        cwd=source,
        env=os.environ | {"SOURCE_DATE_EPOCH": A_MOMENT},
        umask=mask,
        check=True,
        capture_output=True,
    )
    [wheel], [sdist] = out.glob("*.whl"), out.glob("*.tar.gz")
    return Built(wheel, sdist)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built of this folder."""
    return built(PROJECT, tmp_path_factory.mktemp("here"), mask=0o022)


@pytest.fixture(scope="module")
def elsewhere(here: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built of that sdist, in another folder, with other modes and times of its files."""
    folder = tmp_path_factory.mktemp("elsewhere")
    subprocess.run(["tar", "-xf", here.sdist, "-C", folder], check=True)
    [source] = folder.iterdir()
    for path in source.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (0, 0))
    return built(source, folder / "out", mask=0o077)


@pytest.fixture(scope="module")
def wheel(here: Built) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(here.wheel) as archive:
        yield archive


def test_both_are_the_same_bit_by_bit_wherever_they_are_built(here: Built, elsewhere: Built) -> None:
    assert here.wheel.read_bytes() == elsewhere.wheel.read_bytes()
    assert here.sdist.read_bytes() == elsewhere.sdist.read_bytes()


def test_the_version_is_from_one_place(here: Built, wheel: zipfile.ZipFile) -> None:
    assert here.wheel.name == f"antiphon-{__version__}-py3-none-any.whl"
    assert here.sdist.name == f"antiphon-{__version__}.tar.gz"
    told = email.message_from_bytes(wheel.read(f"antiphon-{__version__}.dist-info/METADATA"))
    assert told["Version"] == __version__
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


def test_the_wheel_is_small_enough_to_fetch_on_a_pi(here: Built) -> None:
    assert here.wheel.stat().st_size < LARGEST_WHEEL


def test_the_wheel_holds_the_models_the_page_and_whose_they_are(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    shipped = (PROJECT / "models" / "antiphon_models" / "pretrained").rglob("*")
    assert {str(path.relative_to(PROJECT / "models")) for path in shipped if path.is_file()} <= names
    assert {
        "antiphon_models/pretrained/CREDITS.md",
        "antiphon_models/pretrained/char-lstm/LICENSE",
        "antiphon/adapters/static/index.html",
        "antiphon/adapters/static/credits.txt",
        "antiphon/defaults.toml",
        "antiphon/demonstration.mid",
        "antiphon/py.typed",
    } <= names
    licences = f"antiphon-{__version__}.dist-info/licenses/"
    assert {f"{licences}{name}" for name in DESCRIBED["project"]["license-files"]} <= names


def test_the_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    ours = f"antiphon-{__version__}"
    assert tops == {"antiphon", "antiphon_models", "antiphon_export", f"{ours}.dist-info", f"{ours}.data"}
    beside = [name for name in wheel.namelist() if name.startswith(f"{ours}.data/")]
    assert beside == [f"{ours}.data/data/share/man/man1/antiphon.1"]
    assert not [name for name in wheel.namelist() if name.endswith(".pyc") or "/test_" in name]


def test_of_the_sdist_somebody_can_test_and_lock_and_read_what_changed(here: Built) -> None:
    with tarfile.open(here.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "Makefile",
        "CHANGELOG.md",
        "NOTICE",
        "mkdocs.yml",
        "requirements.lock",
        "tests/conftest.py",
    } <= names


def locked(lock: str) -> Mapping[str, list[str]]:
    """Return the versions of a lock by name, and see that each has a hash."""
    versions: dict[str, list[str]] = {}
    for entry in (PROJECT / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        wanted, *hashes = re.split(r"\s+--hash=sha256:", entry)
        assert hashes, wanted
        requirement = Requirement(wanted)
        [exact] = requirement.specifier
        assert exact.operator == "==", wanted
        versions.setdefault(canonicalize_name(requirement.name), []).append(exact.version)
    return versions


def asked_for(*extras: str) -> list[Requirement]:
    """Return what the project asks for on a machine of 64 bits."""
    wanted = [*DESCRIBED["project"]["dependencies"], *(each for extra in extras for each in EXTRAS[extra])]
    found = map(Requirement, wanted)
    return [each for each in found if not each.marker or each.marker.evaluate({"platform_machine": "x86_64"})]


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", asked_for(*sorted({*EXTRAS} - {"fuzz", "midi"}))),
        ("daemon.lock", asked_for("mqtt", "osc", "web", "serial", "midi")),
        ("release.lock", [*map(Requirement, DESCRIBED["dependency-groups"]["release"])]),
    ],
    ids=["requirements.lock", "daemon.lock", "release.lock"],
)
def test_a_lock_holds_what_is_asked_for(lock: str, wanted: list[Requirement]) -> None:
    versions = locked(lock)
    for requirement in wanted:
        found = versions[canonicalize_name(requirement.name)]
        assert any(requirement.specifier.contains(version) for version in found), f"{requirement}; make lock"


def test_what_plays_is_tested_in_the_very_versions_that_are_locked() -> None:
    tested = locked("requirements.lock")
    for name, versions in locked("daemon.lock").items():
        assert name == "python-rtmidi" or tested[name] == versions
