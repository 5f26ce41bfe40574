"""A page about a trained model: `Report` says what is on it, `render` makes it one HTML file that opens anywhere."""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__)
