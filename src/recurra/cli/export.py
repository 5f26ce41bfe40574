"""`recurra export`: a model as code, or in a format, that runs without Python."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from recurra import export as exports
from recurra.cli.terminal import reporting_failures, say
from recurra.export.formats import FORMATS
from recurra.tasks.registry import load_model

__all__ = ["export"]


@reporting_failures
def export(
    model: Annotated[Path, typer.Argument(help="Model folder, as written by recurra fit.", metavar="MODEL")],
    out: Annotated[Path, typer.Option(help="File to write; others of the format lie beside it.", metavar="FILE")],
    to: Annotated[
        str | None,
        typer.Option(help=f"The format: {', '.join(FORMATS)}; by default what the suffix of --out says."),
    ] = None,
    weights: Annotated[
        Literal["float32", "int8"], typer.Option(help="In what the weights of matrix products are kept.")
    ] = "float32",
    streaming: Annotated[
        bool, typer.Option("--streaming", help="ONNX: one step a call rather than whole sequences.")
    ] = False,
    lengths: Annotated[
        bool, typer.Option("--lengths", help="ONNX: the lengths of the sequences of a batch are an input.")
    ] = False,
    target: Annotated[
        str | None,
        typer.Option(help="Object: the processor, such as thumbv7em, aarch64, riscv32; by default this one's."),
    ] = None,
    page: Annotated[
        bool,
        typer.Option("--page", help="WebAssembly of a classifier of sounds: with a page that hears the microphone."),
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over files that are there already.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Do not say what was written.")] = False,
) -> None:
    """Write a model as C, JavaScript, ONNX, an object or WebAssembly, which run without Python.

    Beside it comes a .json with all that is to be known to make its inputs from data and to read its outputs.

    Example: recurra export forecast-sunspots --to c --out sunspots.c
    """
    files = exports.export(
        load_model(model),
        out,
        to=to,
        weights=weights,
        streaming=streaming,
        lengths=lengths,
        target=target,
        page=page,
        overwrite=overwrite,
    )
    if not quiet:
        *others, last = map(str, files)
        say(f"Wrote {', '.join(others)}{' and ' if others else ''}{last}.")
