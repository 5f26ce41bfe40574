"""The help of the commands, as plain text: to import what draws boxes takes longer than all else a help needs."""

from __future__ import annotations

import inspect
from typing import Any

from typer.core import TyperCommand, TyperGroup

__all__ = ["Command", "Group"]

_AS_IT_IS = "\b\n"
"""Before a paragraph that is not to be wrapped."""


class _Plain:
    """A help that has options under their headings, and examples in one line, to be copied."""

    def format_help_text(self: Any, ctx: Any, formatter: Any) -> None:
        """Write what the command does."""
        text = inspect.cleandoc(self.help or "").replace("Example: ", f"{_AS_IT_IS}Example: ")
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)

    def format_options(self: Any, ctx: Any, formatter: Any) -> None:
        """Write the arguments and the options."""
        lines: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            line = parameter.get_help_record(ctx)
            if line is not None:
                usual = "Arguments" if parameter.param_type_name == "argument" else "Options"
                lines.setdefault(getattr(parameter, "rich_help_panel", None) or usual, []).append(line)
        for heading, each in lines.items():
            with formatter.section(heading):
                formatter.write_dl(each)


class Command(_Plain, TyperCommand):
    """A command with a plain help."""


class Group(_Plain, TyperGroup):
    """A group of commands with a plain help."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options, then the commands with the first sentence of each."""
        super().format_options(ctx, formatter)
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.get_short_help_str(limit=300)) for name, each in commands.items() if each])
