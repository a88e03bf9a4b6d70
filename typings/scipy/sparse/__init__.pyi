from typing import Any

import numpy as np
import numpy.typing as npt

class csr_array:
    def __init__(self, arg1: npt.NDArray[Any]) -> None: ...
    @property
    def T(self) -> csr_array: ...
    def __matmul__(self, other: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]: ...
