"""Recurrent layers for torch: `RNN`, `LSTM`, `GRU` and their cells in place of torch.nn's, `Recurrent` for any cell.

With them stands what tasks put in front of and behind them: attention, pooling, dropout, softmaxes, a CRF.
"""

from recurra.nn.attention import Attention, Memory
from recurra.nn.carried import CarriedState
from recurra.nn.choice import Explanation
from recurra.nn.convolution import ConvolutionalFront
from recurra.nn.crf import LinearChainCRF
from recurra.nn.decoder import AttentionDecoder, Decoded, DecoderState
from recurra.nn.dropout import EmbeddingDropout, LockedDropout
from recurra.nn.encoder_decoder import EncoderDecoder
from recurra.nn.initialise import chrono
from recurra.nn.pooling import Pooling
from recurra.nn.recurrent import Recurrent
from recurra.nn.search import Generated, SearchOptions
from recurra.nn.sequential import Sequential
from recurra.nn.softmax_heads import AdaptiveSoftmax, Softmax, SoftmaxHead, TiedLinear
from recurra.nn.stream import Stream
from recurra.nn.torch_cells import GRUCell, LSTMCell, RNNCell
from recurra.nn.torch_layers import GRU, LSTM, RNN
from recurra.nn.transitions import AllowedTransitions, bio_transitions, bioes_transitions

__all__ = [
    "GRU", "LSTM", "RNN", "AdaptiveSoftmax", "AllowedTransitions", "Attention", "AttentionDecoder", "CarriedState",
    "ConvolutionalFront", "Decoded", "DecoderState", "EmbeddingDropout", "EncoderDecoder", "Explanation", "GRUCell",
    "Generated", "LSTMCell", "LinearChainCRF", "LockedDropout", "Memory", "Pooling", "RNNCell", "Recurrent",
    "SearchOptions", "Sequential", "Softmax", "SoftmaxHead", "Stream", "TiedLinear", "bio_transitions",
    "bioes_transitions", "chrono",
]  # fmt: skip


def __dir__() -> list[str]:
    return sorted(__all__)
