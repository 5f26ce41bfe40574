"""From a frozen options class to the options of a command: one source for names, defaults and help."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, get_args, get_origin

import typer

from recurra.errors import InputError
from recurra.training.described import OptionField, option_fields

__all__ = ["with_options"]


def with_options(options_class: type, /) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command one option for each field of an options class.

    The command's parameter `options` gets the object; its other parameters stay as they are.
    """
    fields = option_fields(options_class)

    def widened(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def call(**values: Any) -> None:
            chosen = {field.name: values.pop(field.name) for field in fields}
            command(**values, options=_made(options_class, chosen))

        own = inspect.signature(command, eval_str=True).parameters.values()
        kept = [parameter for parameter in own if parameter.name != "options"]
        parameters = [*kept, *map(_parameter, fields)]
        call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return call

    return widened


def _made(options_class: type, chosen: dict[str, Any]) -> Any:
    """Make the options; an error names them as they are written on the command line."""
    try:
        return options_class(**chosen)
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
        metavar=f"<{'|'.join(['float', *words])}>" if words else None,
    )
    return inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=field.default,
        annotation=Annotated[Any if words else field.type, option],
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
