"""The shell scripts behind ``make``: what they say where something is missing."""

import os
import shutil
import subprocess
import sys
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
        "antiphon: the system packages that Debian calls jackd2 newer or older are missing "
        "and there is no apt-get here, so there is no sound\n"
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
