"""Every sentence that a user may be told when something goes wrong, as the source has it."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the kind of error that carries it, and where it stands.

    ``text`` has what is only known when it is told within braces, as an f-string has.
    """

    text: str
    kind: str
    place: str


def sentences(*folders: Path) -> Iterator[Sentence]:
    """Yield what every error is made with that ends in a sentence: a class that has an exit code."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for each in folders for path in modules(each)}
    kinds = kinds_of_error(trees)
    for path, tree in trees.items():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=kind), args=[argument, *_]) if kind in kinds:
                    yield Sentence(as_told(argument), kind, f"{path}:{node.lineno}")


def modules(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.py"))


def kinds_of_error(trees: Mapping[Path, ast.Module]) -> set[str]:
    """Return the classes that have an exit code, and those derived from one that has."""
    classes = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = {each.name for each in classes if any("exit_code" in ast.unparse(line) for line in each.body)}
    found = {name for name in found if name.endswith("Error") or name == "InterruptedRun"}
    while more := {
        each.name
        for each in classes
        if each.name not in found and found & {ast.unparse(base) for base in each.bases}
    }:
        found |= more
    return found


def as_told(node: ast.expr) -> str:
    """Return the text of a message; what is put into it is in braces."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(map(as_told, values))
        case ast.FormattedValue(value=value):
            return f"{{{ast.unparse(value)}}}"
    return f"{{{ast.unparse(node)}}}"
