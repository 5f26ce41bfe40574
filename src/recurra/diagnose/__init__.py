"""See why a recurrent network learns or fails to: gradients through time, Jacobians, gates, and what to try."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
