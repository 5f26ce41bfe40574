"""Recurrent cells written once, as their equations; everything else is derived from them.

`recurra.cell` makes a cell; `recurra.cells` holds the known ones; `recurra.nn` runs them as torch layers;
`recurra.tasks` trains on a person's own data. Names are imported when they are first used.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
