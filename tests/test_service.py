"""The service as it is installed: its units, its sandbox, and the installer below a folder of its own.

What needs systemd, ALSA and a keyboard is in tests/vm, which `make test-vm` runs.
"""

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from antiphon.adapters.files.place import OF_A_USER, own_folder

PROJECT = Path(__file__).resolve().parent.parent
UNITS = PROJECT / "systemd"
MOST_EXPOSED = 1.5
"""Of 10, as systemd counts it."""

requires_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here"
)

PROGRAM = """\
import os, sys
def main():
    if "_ANTIPHON_COMPLETE" in os.environ:
        print("# what a shell is to read")
    if "--defaults" in sys.argv:
        print("[midi]\\n# start without it\\nwait = false\\n\\n[play]\\n# how bold it is\\ntemperature = 1.0")
    return {exit_code}
"""


def settled(unit: str, folder: Path) -> Path:
    """Return a copy of a unit that runs something that is installed here."""
    text = (
        (UNITS / unit).read_text(encoding="utf-8").replace("/opt/antiphon/current/bin/antiphon", "/bin/true")
    )
    (folder / unit).write_text(text, encoding="utf-8")
    return folder / unit


@requires_systemd
def test_systemd_has_nothing_to_say_about_the_units(tmp_path: Path) -> None:
    units = [settled(name, tmp_path) for name in ("antiphon.service", "antiphon@.service")]
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


@requires_systemd
@pytest.mark.parametrize("unit", ["antiphon.service", "antiphon@.service"])
def test_the_sandbox_leaves_little_exposed(unit: str, tmp_path: Path) -> None:
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", settled(unit, tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    exposure = re.search(r"exposure level for \S+ ([0-9.]+)", told.stdout)
    assert exposure is not None
    assert float(exposure[1]) <= MOST_EXPOSED


def test_an_instance_differs_from_the_one_service_only_in_its_name() -> None:
    one = (UNITS / "antiphon.service").read_text(encoding="utf-8")
    template = (UNITS / "antiphon@.service").read_text(encoding="utf-8")
    for of_the_instance in (" for %i", " --config /etc/antiphon/%i.toml", "/%i"):
        template = template.replace(of_the_instance, "")
    assert template == one


def wheel(
    folder: Path, name: str, version: str, files: dict[str, str], metadata: str = "", scripts: str = ""
) -> None:
    """Write a wheel, the least that pip takes."""
    about = f"{name}-{version}.dist-info"
    files = {
        **files,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{metadata}",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": scripts,
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{about}/RECORD"])
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in {**files, f"{about}/RECORD": record}.items():
            archive.writestr(path, text)


def wheels(folder: Path, version: str, exit_code: int = 0) -> Path:
    """Return a folder with a stand-in for Antiphon and for python-rtmidi, so that no network is needed."""
    folder.mkdir()
    extras = "".join(f"Provides-Extra: {name}\n" for name in ("midi", "jack", "mqtt", "osc", "web", "serial"))
    metadata = f"{extras}Requires-Dist: python-rtmidi ; extra == 'midi'\n"
    program = {
        "stand_in.py": PROGRAM.format(exit_code=exit_code),
        f"antiphon-{version}.data/data/share/man/man1/antiphon.1": ".TH ANTIPHON 1\n",
    }
    wheel(folder, "antiphon", version, program, metadata, "[console_scripts]\nantiphon = stand_in:main\n")
    wheel(folder, "python_rtmidi", "1.5.8", {"rtmidi.py": ""})
    return folder


def install(*options: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [UNITS / "install.sh", *options],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHON": ""},
    )


def files_below(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()
    }


def test_the_installer_keeps_what_was_written_and_a_version_that_works_and_leaves_nothing_else(
    tmp_path: Path,
) -> None:
    root = tmp_path / "root"
    configuration = root / "etc/antiphon/antiphon.toml"
    current = root / "opt/antiphon/current"

    installed = install("--root", root, "--wheels", wheels(tmp_path / "first", "1"))
    assert installed.returncode == 0, installed.stderr
    lines = configuration.read_text(encoding="utf-8").splitlines()
    assert "# temperature = 1.0" in lines
    assert [line for line in lines if line and not line.startswith("#")] == ["[midi]", "wait = true"]
    first = current.resolve()
    shared = {path for path in files_below(root) if path.startswith("usr/local/share/")}
    assert shared == {
        "usr/local/share/man/man1/antiphon.1",
        "usr/local/share/bash-completion/completions/antiphon",
        "usr/local/share/zsh/site-functions/_antiphon",
        "usr/local/share/fish/vendor_completions.d/antiphon.fish",
    }

    configuration.write_text("# mine\n", encoding="utf-8")
    upgraded = install("--root", root, "--wheels", wheels(tmp_path / "second", "2"))
    assert upgraded.returncode == 0, upgraded.stderr
    assert current.resolve() != first
    assert not first.exists()
    assert configuration.read_text(encoding="utf-8") == "# mine\n"
    second, before = current.resolve(), files_below(root)

    failed = install("--root", root, "--wheels", wheels(tmp_path / "third", "3", exit_code=1))
    assert failed.returncode == 1
    assert "nothing has changed" in failed.stderr
    assert current.resolve() == second
    assert files_below(root) == before

    recording = root / "var/lib/antiphon/sessions/one.mid"
    recording.parent.mkdir(parents=True)
    recording.touch()
    assert install("--root", root, "--uninstall").returncode == 0
    assert files_below(root) == {"etc/antiphon/antiphon.toml", "var/lib/antiphon/sessions/one.mid"}
    assert install("--root", root, "--purge").returncode == 0
    assert files_below(root) == set()


def test_a_dry_run_prints_what_it_would_do_and_does_none_of_it(tmp_path: Path) -> None:
    told = install("--dry-run", "--root", tmp_path / "image")
    assert told.returncode == 0
    assert f"{tmp_path}/image/usr/local/lib/systemd/system/antiphon.service" in told.stdout
    assert not (tmp_path / "image").exists()


def test_an_option_that_there_is_not_is_named() -> None:
    told = install("--upgrade")
    assert told.returncode == 1
    assert told.stderr.startswith("antiphon: there is no option --upgrade; see ")


def test_its_own_folder_is_the_state_directory_of_the_service() -> None:
    assert own_folder({"STATE_DIRECTORY": "/var/lib/antiphon"}) == Path("/var/lib/antiphon")
    assert own_folder({"STATE_DIRECTORY": "/var/lib/antiphon:/var/lib/other"}) == Path("/var/lib/antiphon")
    assert own_folder({}) == OF_A_USER.expanduser()
