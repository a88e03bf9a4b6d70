# As much of pyserial as the checks need to know: it may be missing where they run.
from typing import Any

def __getattr__(name: str) -> Any: ...
