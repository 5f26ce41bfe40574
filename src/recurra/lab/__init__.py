"""The lab: a page in the browser on which a cell's equations are edited, derived, looked into and trained."""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__)
