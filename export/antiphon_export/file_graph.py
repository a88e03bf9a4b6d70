"""What is in a model file: its operations, and which of them draw, or add up what a cell remembers.

It reads the file as the flat buffer that it is and knows nothing of how one is made.
"""

from typing import Any

from ai_edge_litert import schema_py_generated as schema

NAMES: dict[int, str] = {
    number: name for name, number in vars(schema.BuiltinOperator).items() if isinstance(number, int)
}

TYPES: dict[int, str] = {
    number: name for name, number in vars(schema.TensorType).items() if isinstance(number, int)
}


class FileGraph:
    """The one graph of a model file."""

    def __init__(self, content: bytes) -> None:
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
        self._graph = model.subgraphs[0]
        self._kinds: list[str] = [
            NAMES[max(code.builtinCode, code.deprecatedBuiltinCode)] for code in model.operatorCodes
        ]
        self._made_by = {tensor: op for op in self._graph.operators for tensor in op.outputs}
        self._outputs = {each.name.decode(): each.tensorIndex for each in model.signatureDefs[0].outputs}

    def kinds(self) -> list[tuple[str, bool]]:
        """Return the kind of each operation, such as ADD, and whether what it makes is 8-bit integers."""
        return [(self._kind(op), self._type(op.outputs[0]) == "INT8") for op in self._graph.operators]

    def that_draw(self) -> list[str]:
        """Return the names of the operations that mask the network's predictions and draw from them.

        An operation is of the network where its result flows into a matrix product or into the state; a
        result that became an integer on the way, such as an event that was drawn, flows no further.
        """
        of_network = self._upstream_of(
            [tensor for op in self._products() for tensor in op.outputs]
            + [tensor for name, tensor in self._outputs.items() if _is_state(name, "hc")]
        )
        return [self._name(op) for op in self._graph.operators if id(op) not in of_network]

    def that_remember(self) -> list[str]:
        """Return the names of the operations on cells: f * c, i * g, their sum, its tanh, and h."""
        sums = [self._made_by[tensor] for name, tensor in self._outputs.items() if _is_state(name, "c")]
        heard = [self._made_by[tensor] for name, tensor in self._outputs.items() if _is_state(name, "h")]
        products = [self._made_by[tensor] for op in sums for tensor in op.inputs]
        squashed = [self._made_by[tensor] for op in heard for tensor in op.inputs]
        return [
            self._name(op)
            for op in [*sums, *heard, *products, *(op for op in squashed if self._kind(op) == "TANH")]
        ]

    def _upstream_of(self, tensors: list[int]) -> set[int]:
        """Return the identities of the operations that make these tensors, or what those are made of."""
        found: set[int] = set()
        while tensors:
            tensor = tensors.pop()
            op = self._made_by.get(tensor)
            if op is not None and id(op) not in found and self._type(tensor) == "FLOAT32":
                found.add(id(op))
                tensors += op.inputs.tolist()
        return found

    def _products(self) -> list[Any]:
        return [op for op in self._graph.operators if self._kind(op) == "FULLY_CONNECTED"]

    def _name(self, op: Any) -> str:
        name: str = self._graph.tensors[op.outputs[0]].name.decode()
        return name

    def _kind(self, op: Any) -> str:
        number: int = op.opcodeIndex
        return self._kinds[number]

    def _type(self, tensor: int) -> str:
        number: int = self._graph.tensors[tensor].type
        return TYPES[number]


def _is_state(output: str, parts: str) -> bool:
    return output.endswith("_after") and output[0] in parts
