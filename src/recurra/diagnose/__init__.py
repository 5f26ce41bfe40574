"""See why a recurrent network learns or fails to: gradients through time, Jacobians, gates, and what to try."""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__)
