"""From cell to cell: normalisation, regularisation by noise, residual outputs. They compose, and run as any cell."""

from recurra.transforms.dropout import recurrent_dropout, weight_drop, zoneout
from recurra.transforms.normalisation import batch_norm, layer_norm
from recurra.transforms.residual import residual

__all__ = ["batch_norm", "layer_norm", "recurrent_dropout", "residual", "weight_drop", "zoneout"]


def __dir__() -> list[str]:
    return sorted(__all__)
