"""A page about a trained model: `Report` says what is on it, `render` makes it one HTML file that opens anywhere."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
