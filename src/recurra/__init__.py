"""Recurrent cells written once, as their equations; everything else is derived from them.

`recurra.cell` makes a cell; `recurra.cells` holds the known ones; `recurra.nn` runs them as torch layers;
`recurra.tasks` trains on a person's own data. Names are imported when they are first used.
"""

from recurra.public import exported

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = exported(__name__, __file__)
