"""The kinds of model files that can be made; ``antiphon_export.quantisation`` says what each is for."""

from typing import Literal, get_args

Quantisation = Literal["float32", "float16", "int8", "int8-per-tensor", "int8-full"]

QUANTISATIONS: tuple[Quantisation, ...] = get_args(Quantisation)
