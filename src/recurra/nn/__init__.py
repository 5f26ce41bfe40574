"""Recurrent layers for torch: `RNN`, `LSTM`, `GRU` and their cells in place of torch.nn's, `Recurrent` for any cell.

With them stands what tasks put in front of and behind them: attention, pooling, dropout, softmaxes, a CRF.
"""

from recurra.public import exported

__getattr__, __dir__, __all__ = exported(__name__, __file__, beside="torch.nn")
