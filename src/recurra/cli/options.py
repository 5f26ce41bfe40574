"""From a frozen options class to the options of a command: one source for names, defaults and help."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer

from recurra.cli.config import read_config
from recurra.errors import InputError
from recurra.training.option_fields import OptionField, expectation, option_fields

__all__ = ["with_options"]

_TEXTS = tuple[str, ...]
"""What is given once for each; typer knows it as a list."""

_CONTEXT = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
_CONFIG = inspect.Parameter(
    "config",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        Path | None,
        typer.Option(help="config.yaml of a model, for the options that are not given here.", metavar="FILE"),
    ],
)


def with_options(
    options_class: type,
    /,
    *,
    task: str | None,
    without: Collection[str] = (),
    closed: Collection[str] = (),
    into: str = "options",
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command one option for each field of an options class.

    Its other parameters stay as they are, but for those that it is to be without.

    Parameters
    ----------
    options_class
        Whose fields become options of the command.
    task
        Gives the command the option --config too: what is not given on the command line is taken from there.
    without
        Parameters that the command has not.
    closed
        Fields that become no option: they keep their default, or what --config says.
    into
        The command's parameter that gets the object. With a task, a parameter `given` gets the names of the
        options that were given on the command line.
    """
    fields = [field for field in option_fields(options_class) if field.name not in closed]

    def widened(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def call(**values: Any) -> None:
            chosen = {field.name: values.pop(field.name) for field in fields}
            if task is not None:
                given, config = _given(chosen, values.pop("context")), values.pop("config")
                if config is not None:
                    known = read_config(config, tasks=(task,))["options"]
                    chosen |= {name: value for name, value in known.items() if name not in given}
                values |= {"given": given} if "given" in own else {}
            command(**values, **{into: _made(options_class, chosen)})

        own = inspect.signature(command, eval_str=True).parameters
        filled = (into, *without) if task is None else (into, "given", *without)
        kept = [parameter for name, parameter in own.items() if name not in filled]
        around = ([], []) if task is None else ([_CONTEXT], [_CONFIG])
        parameters = [*around[0], *kept, *around[1], *map(_parameter, fields)]
        call.expectations = {  # type: ignore[attr-defined]
            **getattr(command, "expectations", {}),
            **{field.name: expectation(field) for field in fields},
        }
        call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return call

    return widened


def _given(names: Iterable[str], context: typer.Context) -> set[str]:
    """Return which options were given on the command line."""
    sources = {name: context.get_parameter_source(name) for name in names}
    return {name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"}


def _made(options_class: type, chosen: dict[str, Any]) -> Any:
    """Make the options; an error names them as they are written on the command line."""
    try:
        return options_class(**{name: tuple(v) if isinstance(v, list) else v for name, v in chosen.items()})
    except InputError as error:
        names = re.compile("|".join(rf"\b{name}\b(?= =)" for name in chosen))
        message = names.sub(lambda found: "--" + found[0].replace("_", "-"), str(error))
        raise InputError(message) from None


def _parameter(field: OptionField) -> inspect.Parameter:
    words = _words_beside_a_number(field.type)
    option = typer.Option(
        help=field.described.help,
        rich_help_panel=field.described.panel,
        parser=functools.partial(_number_or_word, words=words) if words else None,
        metavar=f"<{'|'.join(['float', *words])}>" if words else "<str>" if field.type == _TEXTS else None,
    )
    return inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=field.default,
        annotation=Annotated[Any if words else list[str] if field.type == _TEXTS else field.type, option],
    )


def _words_beside_a_number(kind: Any) -> list[str]:
    """Return the words of `float | Literal[...]`, for which typer has no type; none for another type."""
    words = [word for each in get_args(kind) if get_origin(each) is Literal for word in get_args(each)]
    return words if float in get_args(kind) else []


def _number_or_word(value: str | float, words: Sequence[str]) -> str | float:
    if value in words:
        return value
    try:
        return float(value)
    except ValueError:
        raise typer.BadParameter(f"{value!r} is no number and not {' or '.join(words)}.") from None
