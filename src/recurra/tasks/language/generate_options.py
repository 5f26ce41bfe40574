"""How a language model writes a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from recurra.errors import InputError
from recurra.training.option_fields import Described, check_options

__all__ = ["GenerateOptions"]

_PANEL = "Text"


@dataclass(frozen=True, kw_only=True)
class GenerateOptions:
    """How a text is written.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds, or two do not go together.

    Examples
    --------
    >>> from recurra.tasks import GenerateOptions
    >>> GenerateOptions(length=100, temperature=0.8, top_k=20).top_p
    1.0
    """

    length: Annotated[
        int, Described(help="Most tokens to write.", panel=_PANEL, minimum=1, maximum=1_000_000_000_000)
    ] = 400
    temperature: Annotated[
        float,
        Described(
            help="Below 1 likelier tokens are favoured, above 1 less; 0 takes the likeliest.",
            panel=_PANEL,
            minimum=0,
            maximum=1e6,
        ),
    ] = 1.0
    top_k: Annotated[
        int | None,
        Described(
            help="Draw from so many of the likeliest tokens alone.", panel=_PANEL, minimum=1, maximum=100_000_000
        ),
    ] = None
    top_p: Annotated[
        float,
        Described(
            help="Draw from the fewest likely tokens that together have this probability.",
            panel=_PANEL,
            above=0,
            maximum=1,
        ),
    ] = 1.0
    beam: Annotated[
        int | None,
        Described(
            help="Search for a likely text with so many going on together, rather than draw.",
            panel=_PANEL,
            minimum=1,
            maximum=1000,
        ),
    ] = None
    stop: Annotated[str | None, Described(help="Stop before this text.", panel=_PANEL)] = None
    seed: Annotated[int, Described(help="Seed of the draws.", panel=_PANEL, minimum=0, maximum=2**63 - 1)] = 0

    def __post_init__(self) -> None:
        check_options(self)
        if self.stop == "":
            raise InputError("stop = '': expected a text, or None")
        draws = [name for name, default in _DRAWING.items() if getattr(self, name) != default]
        if self.beam is not None and draws:
            raise InputError(f"beam = {self.beam}: a search draws nothing; expected no {draws[0]} beside it")


_DRAWING = {"temperature": 1.0, "top_k": None, "top_p": 1.0}
