from .attention import Attention as Attention, Memory as Memory, SelfAttention as SelfAttention
from .carried_state import CarriedState as CarriedState
from .choice import Explanation as Explanation, empty_cache as empty_cache
from .convolution import ConvolutionalFront as ConvolutionalFront, PictureFront as PictureFront
from .crf import (
    AllowedTransitions as AllowedTransitions,
    LinearChainCRF as LinearChainCRF,
    bio_transitions as bio_transitions,
    bioes_transitions as bioes_transitions,
)
from .ctc import (
    Labelling as Labelling,
    PriorOfLabels as PriorOfLabels,
    ctc_align as ctc_align,
    ctc_beam as ctc_beam,
    ctc_greedy as ctc_greedy,
)
from .decoding import (
    AttentionDecoder as AttentionDecoder,
    Decoded as Decoded,
    DecoderState as DecoderState,
    EncoderDecoder as EncoderDecoder,
)
from .dropout import EmbeddingDropout as EmbeddingDropout, LockedDropout as LockedDropout
from .initialise import chrono as chrono
from .layer import Quantised as Quantised, Sequential as Sequential, quantised as quantised
from .pooling import Pooling as Pooling
from .recurrent import Recurrent as Recurrent
from .search import Generated as Generated, Hypothesis as Hypothesis, SearchOptions as SearchOptions
from .softmax_heads import (
    AdaptiveSoftmax as AdaptiveSoftmax,
    Softmax as Softmax,
    SoftmaxHead as SoftmaxHead,
    TiedLinear as TiedLinear,
)
from .sound import MFCC as MFCC, LogMel as LogMel, Standardise as Standardise
from .stream import Stream as Stream
from .torch_layers import (
    GRU as GRU,
    LSTM as LSTM,
    RNN as RNN,
    GRUCell as GRUCell,
    LSTMCell as LSTMCell,
    RNNCell as RNNCell,
)
