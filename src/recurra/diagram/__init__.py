"""The dataflow of a cell's step as a picture, in text or as SVG. `Cell.diagram` draws it."""

from recurra.diagram.render import draw

__all__ = ["draw"]
