from .attention import Attention as Attention, Memory as Memory
from .carried_state import CarriedState as CarriedState
from .choice import Explanation as Explanation
from .convolution import ConvolutionalFront as ConvolutionalFront
from .crf import LinearChainCRF as LinearChainCRF
from .decoding import AttentionDecoder as AttentionDecoder, Decoded as Decoded, DecoderState as DecoderState
from .dropout import EmbeddingDropout as EmbeddingDropout, LockedDropout as LockedDropout
from .encoder_decoder import EncoderDecoder as EncoderDecoder
from .initialise import chrono as chrono
from .pooling import Pooling as Pooling
from .recurrent import Recurrent as Recurrent
from .search import Generated as Generated, SearchOptions as SearchOptions
from .sequential import Sequential as Sequential
from .softmax_heads import (
    AdaptiveSoftmax as AdaptiveSoftmax,
    Softmax as Softmax,
    SoftmaxHead as SoftmaxHead,
    TiedLinear as TiedLinear,
)
from .stream import Stream as Stream
from .torch_cells import GRUCell as GRUCell, LSTMCell as LSTMCell, RNNCell as RNNCell
from .torch_layers import GRU as GRU, LSTM as LSTM, RNN as RNN
from .transitions import (
    AllowedTransitions as AllowedTransitions,
    bio_transitions as bio_transitions,
    bioes_transitions as bioes_transitions,
)
