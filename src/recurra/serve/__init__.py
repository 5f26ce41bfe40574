"""A server of trained models that keeps a recurrent state for each session; and a client of it."""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__)
