from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scipy.io import matlab as matlab

def loadmat(
    file_name: str | Path, *, appendmat: bool = ..., variable_names: Sequence[str] | None = ...
) -> dict[str, Any]: ...
def savemat(file_name: str | Path, mdict: Mapping[str, Any]) -> None: ...
