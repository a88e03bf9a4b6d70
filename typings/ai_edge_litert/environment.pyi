# As much of ai-edge-litert as the checks need to know: it ships no types.
from typing import Any

def __getattr__(name: str) -> Any: ...
