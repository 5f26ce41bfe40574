"""A search for better options of a task, under a budget. Nothing heavy is imported before it is used."""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__)
