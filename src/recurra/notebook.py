"""How values show themselves in a notebook: equations typeset, tables as tables. Nothing here needs a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape

from recurra.messages import translated

__all__ = ["Equations", "page", "table", "typeset"]


class Equations(str):
    """Equations as text, which a notebook typesets: it is a string like any other, with its LaTeX beside it."""

    __slots__ = ("latex",)

    latex: str

    def __new__(cls, text: str, /, *, latex: str) -> Equations:
        """Keep the text, and the LaTeX ``aligned`` block that says the same."""
        made = super().__new__(cls, text)
        made.latex = latex
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex}\n$$"


def typeset(write: Callable[..., str], /, *, latex: bool) -> str:
    """Return what `write(latex=...)` writes: the LaTeX, or the text, which then has the LaTeX beside it."""
    return write(latex=True) if latex else Equations(write(latex=False), latex=write(latex=True))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], /) -> str:
    """Return an HTML table; all texts are escaped."""
    head = "".join(f"<th>{escape(translated(column))}</th>" for column in columns)
    lines = ("".join(f"<td>{escape(value)}</td>" for value in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def page(title: str, text: str, /, *blocks: str) -> str:
    """Return a title, a text and blocks of HTML; title and text are escaped, and left out where they are empty."""
    head = f"<h4>{escape(translated(title))}</h4>" if title else ""
    said = f"<p>{escape(translated(' '.join(text.split())))}</p>" if text.strip() else ""
    return f"<div>{head}{said}{''.join(blocks)}</div>"
