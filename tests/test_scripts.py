"""The shell scripts behind ``make``: what they say where something is missing."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def outcome(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", f"scripts/{script}", *arguments],
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tools_without_apt(tmp_path: Path) -> str:
    """A search path with what every Unix has, and no apt-get."""
    for tool in ("sh", "id", "uname", "sed", "tr", "cat"):
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / tool).symlink_to(found)
    return str(tmp_path)


def test_the_python_that_was_named_is_taken() -> None:
    assert outcome("find-python.sh", PYTHON=sys.executable).stdout.strip() == sys.executable


def test_a_named_python_that_will_not_do_is_refused_in_one_line() -> None:
    refused = outcome("find-python.sh", PYTHON="false")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.splitlines() == [
        "antiphon: 'false' is not a Python 3.11 or later with venv and ensurepip; name another with PYTHON="
    ]


def test_without_a_named_python_one_of_3_11_or_later_is_found() -> None:
    found = outcome("find-python.sh", PYTHON="").stdout.strip()
    asked = [found, "-c", "import sys; print(sys.version_info >= (3, 11))"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "True\n"


def test_a_machine_without_python_is_told_so(tools_without_apt: str) -> None:
    told = outcome("find-python.sh", PYTHON="", PATH=tools_without_apt)
    assert told.returncode == 1
    assert told.stderr == (
        "antiphon: the system packages that Debian calls python3 python3-venv are missing "
        "and there is no apt-get here, so there is no Python 3.11 or later with venv to install with\n"
    )


def test_missing_system_packages_are_named_with_the_consequence(tools_without_apt: str) -> None:
    told = outcome(
        "install-system-packages.sh", "there is no sound", "jackd2", "newer|older", PATH=tools_without_apt
    )
    assert told.returncode == 1
    assert told.stderr == (
        "antiphon: the system packages that Debian calls jackd2 newer (older in an older release) "
        "are missing and there is no apt-get here, so there is no sound\n"
    )


def test_without_python_3_11_the_old_runtime_is_done_without(tools_without_apt: str, tmp_path: Path) -> None:
    told = outcome("install-old-runtime.sh", str(tmp_path / "venv"), PYTHON="", PATH=tools_without_apt)
    assert told.returncode == 0
    assert told.stderr == (
        "antiphon: there is no Python 3.11 with venv here, so the tests on tflite-runtime are skipped\n"
    )
    assert not (tmp_path / "venv").exists()


def test_the_old_runtime_is_asked_for_as_on_a_32_bit_machine() -> None:
    """The script reads it out of pyproject.toml; nothing else says which versions they are."""
    script = (PROJECT / "scripts" / "install-old-runtime.sh").read_text(encoding="utf-8")
    program = script.partition("<<'PYTHON'\n")[2].partition("\nPYTHON\n")[0]
    reading = [sys.executable, "-c", program]
    wanted = subprocess.run(
        reading, cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert any(requirement.startswith("tflite-runtime") for requirement in wanted) == (
        sys.version_info < (3, 12)
    )
    assert not any(requirement.startswith("ai-edge-litert") for requirement in wanted)
    assert any(requirement.startswith("numpy<2") for requirement in wanted)


def test_without_an_emulator_one_line_says_that_the_service_is_not_tried(tools_without_apt: str) -> None:
    told = outcome("test-vm.sh", PATH=tools_without_apt)
    assert (told.returncode, told.stdout) == (0, "")
    assert len(told.stderr.splitlines()) == 1
    assert "the service is not tried in a virtual machine" in told.stderr or "skipped" in told.stderr


def test_a_machine_that_cannot_be_made_is_refused_by_its_name() -> None:
    told = outcome("test-vm.sh", SUITE="sid")
    assert (told.returncode, told.stderr) == (1, "test-vm: SUITE is bookworm or trixie, not sid\n")
    told = outcome("test-vm.sh", ARCH="armhf")
    assert (told.returncode, told.stderr) == (1, "test-vm: ARCH is amd64 or arm64, not armhf\n")


def test_a_virtual_environment_that_cannot_be_made_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    venv = tmp_path / "file" / "venv"
    told = outcome("make-venv.sh", sys.executable, str(venv), "nothing plays")
    assert (told.returncode, told.stdout) == (1, "")
    [line] = told.stderr.splitlines()
    assert line.startswith(
        f"antiphon: {sys.executable} could not make the virtual environment {venv}, so nothing"
    )
    assert "Not a directory" in line


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("broken by 'NewConnectionError(", "the package index cannot be reached; is this machine online?"),
        (
            "SSLError(SSLCertVerificationError(1",
            "the package index shows a certificate that is not trusted here; is the clock right?",
        ),
        (
            "ERROR: No matching distribution found for antimatter",
            "No matching distribution found for antimatter",
        ),
        ("Collecting numpy", "it gave no reason"),
    ],
)
def test_why_pip_failed_is_told_in_a_few_words(said: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "pip.log").write_text(f"Looking in indexes\n{said}\n")
    told = outcome("why-pip-failed.sh", str(tmp_path)).stdout
    assert told.startswith(reason)
    assert told.endswith(f"see {tmp_path}/pip.log\n")


def test_a_release_is_built_of_a_commit_only(tmp_path: Path) -> None:
    told = outcome("dist.sh", str(tmp_path / "venv"), REPOSITORY=str(tmp_path))
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == (
        "antiphon: a release is built of a commit, and this is no git repository; clone it\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_without_what_makes_a_machine_one_line_says_that_none_is_tried(tools_without_apt: str) -> None:
    told = outcome("fresh.sh", PATH=tools_without_apt)
    assert (told.returncode, told.stdout) == (0, "")
    assert len(told.stderr.splitlines()) == 1
    assert "no bare machine is made" in told.stderr or "skipped" in told.stderr


def test_what_came_of_a_whole_run_takes_the_place_of_the_run_before(tmp_path: Path) -> None:
    page, results = tmp_path / "page.md", tmp_path / "results"
    page.write_text("# What it needs\n\nA clone.\n\n## What came of it\n\nnothing\n")
    results.write_text(
        "bookworm, player\tjam\tpassed\ntrixie, root\ttest\tFAILED: 1 failed\nPython 3.11\twheel\tpassed\n"
    )
    writing = [sys.executable, "scripts/fresh_page.py", str(results), str(page), "abc of today"]
    for _ in range(2):
        subprocess.run(writing, cwd=PROJECT, check=True)
    written = page.read_text().splitlines()
    assert written[:5] == ["# What it needs", "", "A clone.", "", "## What came of it"]
    assert "| `make jam` | passed |  |  |  |" in written
    assert "| `make test` |  |  |  | FAILED: 1 failed |" in written
    assert written[-1] == "| wheel and tests | passed |"
    assert "nothing" not in written


def advisory(
    name: str, *events: Mapping[str, str], versions: Sequence[str] = (), **more: str
) -> Mapping[str, object]:
    """An advisory about one package, in the format of OSV."""
    span = {"type": "ECOSYSTEM", "events": [*events]}
    affected = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": [span], "versions": [*versions]}
    today = datetime.now(UTC).isoformat()
    return {"id": "MADE-UP-1", "summary": "it sings", "modified": today, "affected": [affected], **more}


def audited(folder: Path, *advisories: Mapping[str, object]) -> subprocess.CompletedProcess[str]:
    """Hold a lock with `numpy` 2.4.6 against advisories."""
    lock = folder / "some.lock"
    lock.write_text("numpy==2.4.6 ; python_version < '3.12' \\\n    --hash=sha256:aa\nsegno==1.6.6 \\\n")
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for index, each in enumerate(advisories):
            archive.writestr(f"MADE-UP-{index}.json", json.dumps(each))
    checking = [sys.executable, "scripts/advisories.py", "check", str(folder / "all.zip"), str(lock)]
    return subprocess.run(checking, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("events", "versions", "is_named"),
    [
        ([{"introduced": "0"}], [], True),
        ([{"introduced": "0"}, {"fixed": "2.4.6"}], [], False),
        ([{"introduced": "0"}, {"fixed": "2.4.7"}], [], True),
        ([{"introduced": "0"}, {"last_affected": "2.4.6"}], [], True),
        ([{"introduced": "0"}, {"last_affected": "2.4.5"}], [], False),
        ([{"introduced": "2.4.6"}], [], True),
        ([{"introduced": "2.4.10"}], [], False),
        ([{"introduced": "0"}, {"fixed": "1.9"}, {"introduced": "2.4"}, {"fixed": "2.5"}], [], True),
        ([{"introduced": "0"}, {"fixed": "1.9"}, {"introduced": "2.5"}], [], False),
        ([], ["2.4.5", "2.4.6"], True),
        ([], ["2.4.5"], False),
    ],
)
def test_a_locked_version_is_held_against_an_advisory(
    events: list[Mapping[str, str]], versions: list[str], is_named: bool, tmp_path: Path
) -> None:
    told = audited(tmp_path, advisory("NumPy", *events, versions=versions))
    if is_named:
        assert (told.returncode, told.stdout) == (1, "")
        assert told.stderr == "numpy 2.4.6: MADE-UP-1 it sings\n"
    else:
        assert (told.returncode, told.stderr) == (0, "")
        assert told.stdout.startswith("none of 2 locked versions is in one of 1 advisories, the latest of ")


def test_an_advisory_that_was_withdrawn_or_is_about_something_else_counts_for_nothing(tmp_path: Path) -> None:
    others = [
        advisory("numpy", {"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z"),
        advisory("pandas", {"introduced": "0"}),
    ]
    told = audited(tmp_path, *others)
    assert (told.returncode, told.stderr) == (0, "")


def test_of_old_advisories_it_is_said_that_they_are_old(tmp_path: Path) -> None:
    told = audited(tmp_path, advisory("pandas", {"introduced": "0"}, modified="2024-02-01T00:00:00Z"))
    assert told.returncode == 0
    assert told.stderr == (
        "antiphon: the latest advisory is of 2024-02-01; fetch them anew with make advisories\n"
    )


def test_without_advisories_nothing_is_said_to_be_well(tmp_path: Path) -> None:
    told = audited(tmp_path)
    assert (told.returncode, told.stdout) == (1, "")
    assert "so nothing was audited" in told.stderr
    (tmp_path / "all.zip").write_bytes(b"<html>")
    checking = [sys.executable, "scripts/advisories.py", "check", str(tmp_path / "all.zip"), "daemon.lock"]
    told = subprocess.run(checking, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (1, "")
    assert "is no zip of advisories" in told.stderr
    assert len(told.stderr.splitlines()) == 1
