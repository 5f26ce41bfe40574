"""Recurrent layers for torch: `RNN`, `LSTM`, `GRU` and their cells in place of torch.nn's, `Recurrent` for any cell."""

from recurra.nn.carried import CarriedState
from recurra.nn.choice import Explanation
from recurra.nn.initialise import chrono
from recurra.nn.recurrent import Recurrent
from recurra.nn.sequential import Sequential
from recurra.nn.stream import Stream
from recurra.nn.torch_cells import GRUCell, LSTMCell, RNNCell
from recurra.nn.torch_layers import GRU, LSTM, RNN

__all__ = [
    "GRU", "LSTM", "RNN", "CarriedState", "Explanation", "GRUCell", "LSTMCell", "RNNCell", "Recurrent", "Sequential",
    "Stream", "chrono",
]  # fmt: skip
