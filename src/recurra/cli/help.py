"""The help of the commands, and what they say of arguments that they cannot take; both as plain text.

To import what draws boxes takes longer than all else a help needs.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, NoReturn, get_args, get_origin
from unicodedata import east_asian_width

import typer
from typer.core import TyperCommand, TyperGroup

from recurra.cli.terminal import BAD_INPUT, complain
from recurra.errors import nearest
from recurra.messages import language_now, translated

__all__ = ["Command", "Group"]

_AS_IT_IS = "\b\n"
"""Before a paragraph that is not to be wrapped."""

_LONGEST_NAME = 30
"""Characters of a name beside which its meaning begins."""


_UNBROKEN = re.compile(r"[（“\[]*(?:[⺀-鿿]|[^\s⺀-鿿（“。，；：、！？）”]+)[。，；：、！？）”\]]*\s*|.", re.DOTALL)
"""What lines of Chinese are broken between: Han characters and words, with the punctuation around them."""

_KINDS = {int: "a whole number", float: "a number", Path: "a path"}
"""Type of a command's parameter -> what is expected of an argument."""

_wrong: Any = importlib.import_module(typer.BadParameter.__module__)
"""The errors of click, or of typer's own copy of it."""


class _Plain:
    """A help that has options under their headings, and examples in one line, to be copied; errors in our words."""

    def parse_args(self: Any, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments."""
        given = list(args)
        args = _with_values(args, getattr(self.callback, "alone", {}))
        try:
            return super().parse_args(ctx, args)  # pyright: ignore[reportAttributeAccessIssue]
        except _wrong.NoArgsIsHelpError:
            raise
        except _wrong.UsageError as error:
            _leave(_what_is_wrong(error, ctx, given), ctx)

    def resolve_command(self: Any, ctx: Any, args: list[str]) -> Any:
        """Find a subcommand."""
        try:
            return super().resolve_command(ctx, args)  # pyright: ignore[reportAttributeAccessIssue]
        except _wrong.UsageError:
            known = self.list_commands(ctx)
            _leave(f"there is no command {args[0]!r}; expected {', '.join(known)}{nearest(args[0], known)}", ctx)

    def format_usage(self: Any, ctx: Any, formatter: Any) -> None:
        """Write what may follow the command."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=translated("Usage: "))

    def format_help_text(self: Any, ctx: Any, formatter: Any) -> None:
        """Write what the command does."""
        _write_paragraphs(inspect.cleandoc(self.help or ""), formatter)

    def format_epilog(self: Any, ctx: Any, formatter: Any) -> None:
        """Write what holds for all commands."""
        if self.epilog:
            _write_paragraphs(self.epilog, formatter)

    def format_options(self: Any, ctx: Any, formatter: Any) -> None:
        """Write the arguments and the options."""
        lines: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            line = parameter.get_help_record(ctx)
            if line is not None:
                usual = "Arguments" if parameter.param_type_name == "argument" else "Options"
                lines.setdefault(getattr(parameter, "rich_help_panel", None) or usual, []).append(line)
        for heading, each in lines.items():
            _write_list(heading, each, formatter)


def _write_paragraphs(text: str, formatter: Any) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        parts = ((translated(part), part.startswith("Example: ")) for part in text.split("\n\n"))
        said = (_AS_IT_IS + part if is_example else _wrapped(part, formatter.width) for part, is_example in parts)
        formatter.write_text("\n\n".join(said))


def _write_list(heading: str, lines: list[tuple[str, str]], formatter: Any) -> None:
    """Write names with what they mean."""
    room = formatter.width - min(max(len(name) for name, _ in lines), _LONGEST_NAME) - 4
    with formatter.section(translated(heading)):
        formatter.write_dl([(name, _wrapped(_meaning(text), room)) for name, text in lines])


def _meaning(text: str) -> str:
    """Return the help of an option in the language of now, and after it "[default: 32; x>=1]"."""
    said, has_more, more = text.rpartition("  [")
    if not has_more:
        return translated(text)
    return f"{translated(said)}  [{'; '.join(map(translated, more[:-1].split('; ')))}]"


def _wrapped(text: str, width: int) -> str:
    """Break lines of Chinese, of which the formatter knows neither the width nor where they may be broken."""
    if language_now() == "en":
        return text
    lines, room = [""], width
    for word in _words(text):
        size = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in word)
        if size > room and lines[-1]:
            lines.append("")
            room, word = width, word.lstrip()
        lines[-1] += word
        room -= size
    return _AS_IT_IS + "\n".join(line.rstrip() for line in lines)


def _words(text: str) -> Iterator[str]:
    """Yield what is not broken: words with the space after them, and Han characters with the punctuation after them."""
    return (found[0] for found in _UNBROKEN.finditer(text))


def _with_values(args: list[str], alone: Mapping[str, str]) -> list[str]:
    """Return arguments in which an option that may stand alone, and does, has the value that it is taken for."""
    found: list[str] = []
    for word, follows in pairwise([*args, "--"]):
        found.append(word)
        if word in alone and follows.startswith("-"):
            found.append(alone[word])
    return found


def _what_is_wrong(error: Exception, context: Any, given: list[str]) -> str:
    """Say in our words why a command cannot take its arguments."""
    parameters = {name: each for each in context.command.params for name in each.opts}
    match error:
        case _wrong.MissingParameter(param=parameter) if parameter is not None:
            return f"{_name_of(parameter)} is missing; expected {_expected(parameter, context)}"
        case _wrong.BadParameter(param=parameter) if parameter is not None:
            values, _, _ = context.command.make_parser(context).parse_args(args=list(given))
            value = values.get(parameter.name)
            value = value[-1] if isinstance(value, list) and value else value
            return f"{_name_of(parameter)} = {value!r}: expected {_expected(parameter, context)}"
        case _wrong.NoSuchOption(option_name=name) if name in _options_of_all(context):
            begin = context.find_root().command_path
            return f"{name} stands before the command: {begin} {name} ...{context.command_path.removeprefix(begin)}"
        case _wrong.NoSuchOption(option_name=name):
            names = [each for each in parameters if each.startswith("--")]
            return f"there is no option {name}{nearest(name, names)}"
        case _wrong.BadOptionUsage(option_name=name) if getattr(parameters.get(name), "is_flag", False):
            return f"{name} takes no value"
        case _wrong.BadOptionUsage(option_name=name) if name in parameters:
            return f"{name} has no value; expected {_expected(parameters[name], context)}"
    _, more, _ = context.command.make_parser(context).parse_args(args=list(given))
    taken = " ".join(context.command.collect_usage_pieces(context))
    return f"got {' '.join(more)!r} besides; expected {taken}" if more else str(error)


def _options_of_all(context: Any) -> set[str]:
    """Return the names of the options that stand before a command."""
    return {name for each in context.find_root().command.params for name in each.opts}


def _leave(message: str, context: Any) -> NoReturn:
    complain(f"{message} (see {context.command_path} --help)")
    raise typer.Exit(BAD_INPUT)


def _name_of(parameter: Any) -> str:
    """Return an option as it is written, an argument as the help calls it."""
    return max(parameter.opts, key=len) if parameter.param_type_name == "option" else str(parameter.metavar)


def _expected(parameter: Any, context: Any) -> str:
    """Say what an option or an argument takes: what its options class says, or else its type."""
    command = context.command.callback
    said = getattr(command, "expectations", {}).get(parameter.name)
    if said:
        return said
    kind: Any = inspect.signature(command, eval_str=True).parameters[parameter.name].annotation
    parts = (kind, *get_args(kind), *(each for part in get_args(kind) for each in get_args(part)))
    if words := [repr(each) for part in parts if get_origin(part) is Literal for each in get_args(part)]:
        from recurra.training.option_fields import one_of

        return one_of(words)
    return next((words for each, words in _KINDS.items() if each in parts), "a text")


class Command(_Plain, TyperCommand):
    """A command with a plain help."""


class Group(_Plain, TyperGroup):
    """A group of commands with a plain help."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options, then the commands with the first sentence of each."""
        super().format_options(ctx, formatter)
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        lines = [(name, each.get_short_help_str(limit=300)) for name, each in commands.items() if each]
        _write_list("Commands", lines, formatter)
