# As much of keras as the checks need to know: it may be missing where they run, and its own types differ
# from release to release.
from typing import Any

def __getattr__(name: str) -> Any: ...
