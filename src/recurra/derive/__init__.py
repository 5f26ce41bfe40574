"""From the graph of a step to the plans of its forward and backward pass."""

from recurra.public import by_modules

__getattr__, __dir__ = by_modules(__name__)
