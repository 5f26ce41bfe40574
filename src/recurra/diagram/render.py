"""From a step to its diagram, in either form."""

from __future__ import annotations

from recurra.characters import plain
from recurra.diagram.drawing import drawing
from recurra.diagram.svg import svg as to_svg
from recurra.diagram.text import text as to_text
from recurra.graph.step import Step

__all__ = ["render"]


def render(step: Step, *, title: str, svg: bool, ascii: bool) -> str:
    """Return the diagram of a step as text, in plain characters if these are asked for, or as a titled SVG document."""
    made = drawing(step, spell=plain if ascii else str)
    if svg:
        return to_svg(made, title=title)
    return plain(to_text(made)) if ascii else to_text(made)
