"""The command itself: its name, its version, its subcommands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from recurra.cli.cells import cells
from recurra.cli.diagnose import diagnose
from recurra.cli.export import export
from recurra.cli.fit import fit
from recurra.cli.help import Command, Group
from recurra.cli.lab import lab
from recurra.cli.plan import plan
from recurra.cli.predict import backtest, evaluate, generate, predict
from recurra.cli.serve import serve
from recurra.cli.terminal import fits_console, use_any_console
from recurra.cli.tune import tune
from recurra.messages import Language, language, language_of_system

__all__ = ["app", "main"]

_HELP = """Recurrent networks on your own data.

Example: recurra fit forecast sunspots.csv --time year --target sunspots --horizon 11 --season-length 11
"""
_EXITS = "Exit codes: 0 done; 2 bad input; 3 the loss became NaN or infinite; 130 Ctrl-C."


class _InOrder(Group):
    """Lists the commands in the order in which a person needs them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names for the help."""
        used = ["predict", "evaluate", "backtest", "generate", "serve", "export", "diagnose"]
        return ["fit", *used, "plan", "tune", "cells", "lab"]


def _help(command: Callable[..., None]) -> str:
    """Return a command's docstring with each paragraph on one line."""
    return "\n\n".join(" ".join(part.split()) for part in (command.__doc__ or "").split("\n\n"))


app = typer.Typer(
    help=_HELP,
    epilog=_EXITS,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    cls=_InOrder,
    context_settings={"max_content_width": 100},
)
app.add_typer(fit)
app.add_typer(plan)
app.add_typer(tune)
for command in (predict, evaluate, backtest, generate, serve, export, diagnose, cells, lab):
    app.command(cls=Command, no_args_is_help=command not in (cells, lab), help=_help(command))(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        from recurra import __version__

        typer.echo(f"recurra {__version__}")
        raise typer.Exit


def _choose_language(context: typer.Context, chosen: str | None) -> None:
    if chosen is not None and not context.resilient_parsing:
        context.with_resource(language(chosen))


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and leave.", callback=_print_version, is_eager=True),
    ] = False,
    language: Annotated[
        Language | None,
        typer.Option(
            help="Language of what is said: en or zh; by default what the environment says, as LANG=zh_CN.",
            callback=_choose_language,
            is_eager=True,
        ),
    ] = None,
) -> None:
    """Take the options that come before a subcommand."""


def main() -> None:
    """Run the command on the arguments of the process, in the language of the system if the console can write it."""
    use_any_console()
    with language(language_of_system() if fits_console("中文") else "en"):
        app()
