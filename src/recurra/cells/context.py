"""A simple recurrent network beside units that change slowly."""

from recurra.cells.constants import share
from recurra.spec import Cell, cell, sigmoid

__all__ = ["SCRN", "scrn"]


def scrn(*, keep: float = 0.95) -> Cell:
    """Make an SCRN; `keep` is the paper's alpha: the share of the context that stays, from 0 to 1, else `CellError`."""
    share("SCRN", keep=keep)

    @cell(sizes={"s": "context_size", "U": ("hidden_size", "output_size")})
    def SCRN(p, x, h, s):
        """Structurally constrained recurrent network: context units s beside the hidden ones.

        Mikolov et al. (2015), arXiv:1412.7753. The output is what their softmax takes. `recurra.cells.scrn` makes
        the cell with another share than 0.95 that the context keeps.
        """
        s = (1 - keep) * (x @ p.B) + keep * s
        h = sigmoid(s @ p.P + x @ p.A + h @ p.R)
        y = h @ p.U + s @ p.V
        return (h, s), y

    return SCRN


SCRN = scrn()
