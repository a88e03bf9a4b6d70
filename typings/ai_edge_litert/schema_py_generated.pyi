# As much of the schema of model files as the checks need to know: it is generated and ships no types.
from typing import Any

def __getattr__(name: str) -> Any: ...
