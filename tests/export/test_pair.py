"""A model and its card: whatever interrupts the writing leaves a pair that belongs together, or a refusal."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from antiphon.adapters.engines.models import CARD_FILE, MODEL_FILE, read_network
from antiphon.errors import ModelError
from antiphon_export.errors import ExportError
from antiphon_export.pair import write_pair
from antiphon_models.spec import EventCard, Losses, Spec
from small_disk import fill, small_disk

OLD, NEW = b"the old one" * 1000, b"the new one" * 1000

KILLED = 9

INTERRUPTED = """
import json, os, sys
from pathlib import Path
import msgspec
from antiphon_export.pair import write_pair
from antiphon_models.spec import EventCard

folder, content, card, last = sys.argv[1:]
step = 0

def die_at_the_last(event, arguments):
    global step
    if event in ("open", "os.rename", "os.remove") and folder in str(arguments[0]):
        step += 1
        if step == int(last):
            os._exit(9)

card = msgspec.json.decode(card, type=EventCard)
sys.addaudithook(die_at_the_last)
write_pair(Path(folder), bytes.fromhex(content), card)
"""


def card_of(content: bytes) -> EventCard:
    losses = Losses(1.0, 2.0, 3.0)
    digest = hashlib.sha256(content).hexdigest()
    return EventCard(
        name="a",
        description="b",
        spec=Spec(),
        sha256=digest,
        parameters=1,
        quantisation="float32",
        licence="CC0",
        trained_on=[],
        arguments={"seed": 1, "on": "x"},
        held_out=losses,
        bits_per_event=losses.bits_per_event,
        tools={},
    )


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_was_written_is_what_the_daemon_reads(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "model"
    for content in (OLD, NEW):
        write_pair(folder, content, card_of(content))
        model = read_network(folder / MODEL_FILE)
        assert model.card == card_of(content)
        assert model.path.read_bytes() == content
    assert files_in(folder) == {MODEL_FILE, CARD_FILE}
    assert json.loads((folder / CARD_FILE).read_text())["sha256"] == card_of(NEW).sha256


def test_a_full_disk_is_told_in_one_sentence_and_leaves_the_old_pair(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        write_pair(disk, OLD, card_of(OLD))
        fill(disk)
        with pytest.raises(
            ExportError, match=r"cannot be written into .*: no space left on device"
        ) as refused:
            write_pair(disk, NEW, card_of(NEW))
        assert "\n" not in str(refused.value)
        assert read_network(disk / MODEL_FILE).card == card_of(OLD)
        assert files_in(disk) == {MODEL_FILE, CARD_FILE, "filling"}


def test_a_full_disk_leaves_no_empty_folder(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        fill(disk)
        with pytest.raises(ExportError, match="no space left on device"):
            write_pair(disk / "model", NEW, card_of(NEW))
        assert files_in(disk) == {"filling"}


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="cannot be written into"):
        write_pair(tmp_path / "file" / "model", NEW, card_of(NEW))


def killed_at(step: int, folder: Path) -> bool:
    """Write the new pair in a process that dies at a step; return whether it came to it."""
    card = msgspec.json.encode(card_of(NEW)).decode()
    command = [sys.executable, "-c", INTERRUPTED, str(folder), NEW.hex(), card, str(step)]
    ended = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert ended.returncode in (0, KILLED), ended.stderr
    return ended.returncode == KILLED


def state_of(folder: Path) -> str:
    """Return which pair is there, or that the daemon refuses it for the right reason."""
    try:
        card = read_network(folder / MODEL_FILE).card
    except ModelError as refused:
        return "refused" if "is not the file that card.json beside it describes" in str(refused) else "lost"
    return {card_of(OLD).sha256: "old", card_of(NEW).sha256: "new"}[card.sha256]


def test_a_process_that_is_killed_at_any_step_leaves_a_pair_or_what_the_daemon_refuses(
    tmp_path: Path,
) -> None:
    """And the next export mends it, and takes away what was left lying about."""
    found: list[str] = []
    write_pair(tmp_path, OLD, card_of(OLD))
    while killed_at(len(found) + 1, tmp_path):
        found.append(state_of(tmp_path))
        write_pair(tmp_path, OLD, card_of(OLD))
        assert state_of(tmp_path) == "old"
        assert files_in(tmp_path) == {MODEL_FILE, CARD_FILE}
    assert state_of(tmp_path) == "new"
    assert set(found) == {"old", "refused", "new"}
    assert found.count("refused") == 1
