"""The cells: equations only, a family a file. `all_cells` maps a name to its cell, `find` knows other names too.

Families are imported when a cell of theirs is first used. A cell with constants that its paper fixes by hand has a
maker beside it, such as `antisymmetric(step=0.05)`.
"""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__)
