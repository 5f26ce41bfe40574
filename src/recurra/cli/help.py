"""The help of the commands, as plain text: to import what draws boxes takes longer than all else a help needs."""

from __future__ import annotations

import inspect
from typing import Any

from typer.core import TyperCommand, TyperGroup

__all__ = ["Command", "Group"]

_AS_IT_IS = "\b\n"
"""Before a paragraph that is not to be wrapped."""


class Command(TyperCommand):
    """A command whose help has its options under their headings, and examples in one line, to be copied."""

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write what it does."""
        _write_text(self, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and the options."""
        _write_by_heading(self, ctx, formatter)


class Group(TyperGroup):
    """A group of commands, with such a help too."""

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write what it does."""
        _write_text(self, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options, then the commands with the first sentence of each."""
        _write_by_heading(self, ctx, formatter)
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.get_short_help_str(limit=300)) for name, each in commands.items() if each])


def _write_text(command: Any, formatter: Any) -> None:
    text = inspect.cleandoc(command.help or "").replace("Example: ", f"{_AS_IT_IS}Example: ")
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(text)


def _write_by_heading(command: Any, context: Any, formatter: Any) -> None:
    lines: dict[str, list[tuple[str, str]]] = {}
    for parameter in command.get_params(context):
        line = parameter.get_help_record(context)
        if line is not None:
            usual = "Arguments" if parameter.param_type_name == "argument" else "Options"
            lines.setdefault(getattr(parameter, "rich_help_panel", None) or usual, []).append(line)
    for heading, each in lines.items():
        with formatter.section(heading):
            formatter.write_dl(each)
