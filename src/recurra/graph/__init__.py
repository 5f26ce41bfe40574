"""A cell's equations as a graph: nodes, the table of operations, tracing, sizes, passes and printing."""

from recurra.public import by_modules

__getattr__, __dir__ = by_modules(__name__)
