"""`recurra lab`: a page on which a cell is edited, derived, looked into and trained."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from recurra.cli.terminal import reporting_failures, say
from recurra.data.files import write_whole
from recurra.errors import InputError

__all__ = ["lab"]


@reporting_failures
def lab(
    model: Annotated[
        Path | None, typer.Argument(help="Model folder, as written by recurra fit, to look into.", metavar="MODEL")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="With MODEL: an example of its data; by default what it was fitted on.", metavar="FILE"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the page to this file, which works offline, and leave.", metavar="FILE"),
    ] = None,
    pyodide: Annotated[
        Path | None,
        typer.Option(
            help="With --out: the npm package pyodide, unpacked; equations can then be edited in the file, too.",
            metavar="FOLDER",
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(help="Port of 127.0.0.1 to serve at; 0 takes a free one.", min=0, max=65535)
    ] = 8322,
    browse: Annotated[bool, typer.Option("--browse", help="Open the page in the browser.")] = False,
) -> None:
    """Serve a page on which a cell's equations are edited: its derived backpropagation, its gradient and its training.

    Only this machine reaches it. What is typed there is read as equations, not run as a program. With --out the page is
    a file of its own, with the cells of the catalogue, whose equations can be edited there if Pyodide is put into it.

    Of a MODEL the page has the cell, the gradient through time, the gates and what each output depends on, as its
    trained weights have them on an example of its data.

    Example: recurra lab --browse
    """
    from recurra.lab import lab_page, serve_lab

    if model is None and data is not None:
        raise InputError("--data was given without MODEL; expected the folder of the model that it is for")
    found = None
    if model is not None:
        from recurra.tasks.registry import load_model

        fitted = load_model(model)
        found = fitted.diagnose(fitted.fitted_on if data is None else data)
    if out is not None:
        write_whole(out, lab_page(pyodide=pyodide, model=found))
        say(f"Wrote the lab to {out}.")
        return

    if pyodide is not None:
        raise InputError("--pyodide was given without --out; the lab that is served derives by itself")

    def started(address: str) -> None:
        say(f"The lab is at {address} (Ctrl-C ends it).")
        if browse:
            webbrowser.open(address)

    serve_lab(port=port, model=found, started=started)
