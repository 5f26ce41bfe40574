"""A step as a picture: its dataflow graph in layers, as text or as SVG. Import its modules by name."""

from recurra.public import by_modules

__getattr__, __dir__ = by_modules(__name__)
