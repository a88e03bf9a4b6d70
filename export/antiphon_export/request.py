"""What is to be exported, and what can be said against it before anything takes long."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from antiphon_export.errors import ExportError
from antiphon_export.kinds import QUANTISATIONS, Quantisation
from antiphon_models.folders import taken
from antiphon_models.notes.dataset import read_manifest
from antiphon_models.shelf import CARD_FILE
from antiphon_models.training.runs import describe


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be exported.

    Attributes:
        run: the folder of a training.
        notes: a folder of notes to measure on, as a rule those of the training.
        out: where the files go; with several quantisations, each into a folder of its own in it.
        quantisations: one or more.
        name: what the card calls it; empty is what the folder is called.
        description: one sentence for the player; empty is one that can be said of any.
        licence: of the model; empty is what the music that it learnt from allows.
        events: how many to measure on; 0 is all.
    """

    run: Path
    notes: Path
    out: Path
    quantisations: Sequence[Quantisation]
    name: str = ""
    description: str = ""
    licence: str = ""
    events: int = 0

    def check(self) -> None:
        """Make sure that it can be had, as far as that is seen at once.

        Raises:
            TrainingError: it cannot; the sentence says why.
        """
        describe(self.run)
        if not read_manifest(self.notes).splits["valid"].pieces:
            raise ExportError(
                f"{self.notes} holds no piece in its valid split to measure the model on; add music to it"
            )
        with self.folder_taken():
            pass

    def folder_taken(self) -> AbstractContextManager[None]:
        """Take the folder that the files go into, for as long as they are made.

        Raises:
            FolderError: it cannot be made, or holds other things.
        """
        return taken(self.out, {CARD_FILE, *QUANTISATIONS})
