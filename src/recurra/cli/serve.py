"""`recurra serve MODEL...`: models over HTTP and WebSockets, with a state for each session."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recurra.cli.options import with_options
from recurra.cli.terminal import reporting_failures
from recurra.errors import InputError
from recurra.serve.options import ServeOptions

__all__ = ["serve"]


@reporting_failures
@with_options(ServeOptions, task=None)
def serve(
    *,
    models: Annotated[
        list[str],
        typer.Argument(
            help="Model folders, as written by recurra fit; NAME=FOLDER gives another name in addresses.",
            metavar="MODEL",
        ),
    ],
    options: ServeOptions,
) -> None:
    """Serve models over HTTP and WebSockets, with a state for each session.

    Whole sequences go to /v1/models/NAME/predict. In a session a classifier, a tagger, a language model or a forecast
    goes on with each message; its state is stored, can be read, set and forked, and outlives the process. SIGHUP reads
    the folders anew. The server's own page says what there is.

    Example: recurra serve critic writer=language-book --port 8321
    """
    named = _named(models)
    from recurra.serve.server import serve as run

    run(named, options=options)


def _named(models: list[str]) -> dict[str, Path]:
    """Return the folders by the names that they get in addresses."""
    found: dict[str, Path] = {}
    for each in models:
        name, has_name, folder = each.partition("=")
        if not has_name or Path(each).is_dir():
            name, folder = Path(each).resolve().name, each
        if not name or "/" in name:
            raise InputError(f"{each}: got the name {name!r}; expected NAME=FOLDER with a name without /")
        if name in found:
            raise InputError(f"{found[name]} and {folder} would both be {name!r}; give one a name: NAME=FOLDER")
        found[name] = Path(folder)
    return found
