"""How much something keeps: all that can be reached from it, other than code."""

import gc
from collections.abc import Sequence
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, ModuleType

import msgspec

CODE = (type, ModuleType, FunctionType, BuiltinFunctionType, CodeType, FrameType)


def kept_by(root: object) -> int:
    """Return how many references are kept by all objects that can be reached from one."""
    seen = {id(root)}
    left: list[object] = [root]
    references = 0
    while left:
        referred = referred_to_by(left.pop())
        references += len(referred)
        for each in referred:
            if id(each) not in seen and not isinstance(each, CODE):
                seen.add(id(each))
                left.append(each)
    return references


def referred_to_by(holder: object) -> Sequence[object]:
    """Return what an object refers to; the garbage collection does not know that of all of them."""
    if isinstance(holder, msgspec.Struct):
        return [getattr(holder, name) for name in holder.__struct_fields__]
    return gc.get_referents(holder)
