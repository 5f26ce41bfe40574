"""What recurrent layers cost before they are run: time, memory, operations, and what a budget affords."""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__)
