"""`recurra generate MODEL`: a language model writes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from recurra.cli.failures import reporting_failures
from recurra.cli.options import with_options
from recurra.cli.terminal import say, say_json
from recurra.errors import InputError
from recurra.tasks.language.options import GenerateOptions

__all__ = ["generate"]


@reporting_failures
@with_options(GenerateOptions, task=None)
def generate(
    *,
    model: Annotated[Path, typer.Argument(help="Model folder of a language model.", metavar="MODEL")],
    prompt: Annotated[str, typer.Option(help="What the text goes on from.", metavar="TEXT")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, when all is written.")] = False,
    options: GenerateOptions,
) -> None:
    """Let a language model write a text that goes on from a prompt, and print it as it is made.

    It is drawn token by token; the same seed gives the same text. With --beam it is searched for instead.

    Example: recurra generate language-book --prompt "Once" --length 400 --temperature 0.8
    """
    from recurra.tasks.language.estimator import LanguageModel
    from recurra.tasks.registry import load_model

    fitted = load_model(model)
    if not isinstance(fitted, LanguageModel):
        raise InputError(f"{model} is a model for {fitted.task}, which writes nothing; expected one for language")
    pieces = fitted.generate(prompt, options)
    if as_json:
        say_json({"prompt": prompt, "text": "".join(pieces)})
        return
    sys.stdout.write(prompt)
    for piece in pieces:
        sys.stdout.write(piece)
        sys.stdout.flush()
    say()
