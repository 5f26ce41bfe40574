"""What recurrent layers cost before they are run: time, memory, operations, and what a budget affords."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
