"""Commands that other packages add to ``antiphon``, through the entry point group ``antiphon.commands``.

A package that cannot be loaded costs its own command and nothing else.
"""

from collections.abc import Callable
from importlib.metadata import EntryPoint
from typing import Annotated, Any

import typer

from antiphon.errors import AntiphonError, in_one_line


def take_in(plugin: EntryPoint, commands: typer.Typer) -> None:
    """Add the command of another package: a function is one command, a Typer app a group of them."""
    try:
        target = plugin.load()
        _add(target, plugin.name, trial := typer.Typer(pretty_exceptions_enable=False))
        typer.main.get_command(trial)
    except Exception as error:  # noqa: BLE001  foreign code, which must not keep our own commands from working
        target = _broken(plugin, error)
    _add(target, plugin.name, commands)


def _add(target: Any, name: str, commands: typer.Typer) -> None:
    if isinstance(target, typer.Typer):
        commands.add_typer(target, name=name)
    else:
        commands.command(name, context_settings=getattr(target, "context_settings", None))(target)


def _broken(plugin: EntryPoint, error: Exception) -> Callable[..., None]:
    package = plugin.dist.name if plugin.dist else plugin.value

    def unusable(arguments: Annotated[list[str] | None, typer.Argument(hidden=True)] = None) -> None:
        raise AntiphonError(
            f"the command {plugin.name} of {package} cannot be used: {in_one_line(error)}; "
            f"reinstall or remove {package}"
        ) from error

    unusable.__doc__ = f"Cannot be used: {in_one_line(error)}."
    unusable.context_settings = {"ignore_unknown_options": True}  # type: ignore[attr-defined]
    return unusable
