"""The network that the options ask for."""

from __future__ import annotations

from recurra import Cell
from recurra.tasks.forecast.autoregressive import AutoregressiveNetwork
from recurra.tasks.forecast.direct import DirectNetwork
from recurra.tasks.forecast.network import ForecastNetwork
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.forecast.segments import SegmentNetwork
from recurra.tasks.forecast.windows import Widths

__all__ = ["make_network"]

_NETWORKS = {"direct": DirectNetwork, "autoregressive": AutoregressiveNetwork, "segment": SegmentNetwork}


def make_network(cell: Cell, /, *, options: ForecastOptions, widths: Widths) -> ForecastNetwork:
    """Return a network for the strategy of the options, with new weights."""
    return _NETWORKS[options.strategy](cell, options=options, widths=widths)
