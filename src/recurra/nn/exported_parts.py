"""What stands before and after recurrent layers, as `recurra.export` has it: each is a cell, traced like any other.

So every format that can write a step can write scaling, pooling, softmax and Viterbi's decoding. Pooling is a cell that
pools what it has read so far; decoding is one that reads forwards, and one that goes back on the best path.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from recurra.derive.plan import EVALUATION
from recurra.errors import ExportError
from recurra.export.description import (
    Array,
    ExportedAttention,
    ExportedDirection,
    ExportedEmbedding,
    ExportedLayer,
    ExportedSelfAttention,
    Framing,
)
from recurra.graph.functions import (
    cumsum,
    exp,
    flatten,
    log,
    max,
    maximum,
    relu,
    row,
    softmax,
    split,
    sqrt,
    sum,
    tanh,
    vecmat,
    where,
)
from recurra.graph.trace import Declaration, trace
from recurra.nn.attention import Attention, SelfAttention
from recurra.nn.convolution import ConvolutionalFront, OverFeatures
from recurra.nn.crf import LinearChainCRF
from recurra.nn.dropout import EmbeddingDropout
from recurra.nn.pooling import Pooling
from recurra.nn.softmax_heads import AdaptiveSoftmax, Softmax, TiedLinear
from recurra.nn.sound import FLOOR, LEAST, MFCC, PRIOR, LogMel, Standardise
from recurra.spec import Cell

__all__ = ["PARTS", "array", "attention_of", "own_cell", "own_direction", "scaling"]

_NEVER = -1e30
"""The score of what is not allowed: adding it leaves no doubt, and zero times it is zero."""


def array(value: Tensor) -> Array:
    """Return a tensor as float32 numbers of its own; raise `ExportError` if it has no numbers."""
    if value.is_meta:
        raise ExportError(
            "a parameter is on the device 'meta', where it has no numbers: load a state into the model first"
        )
    return value.detach().to("cpu", torch.float32).numpy().copy()


def own_direction(
    name: str, cell: Cell, width: int, arrays: Mapping[str, Array] | None = None, *,
    initial: tuple[Array, ...] = (), reverse: bool = False, begin: int = 0, tables: Mapping[str, Array] | None = None,
) -> ExportedDirection:  # fmt: skip
    """Return one direction of a cell that reads so many features, given its parameters and tables by name."""
    plan = cell.plans(EVALUATION).forward
    values = {leaf: (arrays or {})[leaf.name] for leaf in plan.step.parameters}
    found = {size: number for leaf, each in values.items() for size, number in zip(leaf.shape, each.shape, strict=True)}
    sizes = {size: number for size, number in found.items() if isinstance(size, str)}
    rows = {leaf: (tables or {})[leaf.name] for leaf in plan.step.inputs[1:] if leaf.name in (tables or {})}
    return ExportedDirection(name, plan, {**sizes, "input_size": width}, values, {}, rows, initial, reverse, begin)


def own_cell(
    name: str, function: Callable[..., Any], sizes: Mapping[str, Any], *,
    has_states: bool = False, per_sequence: tuple[str, ...] = (),
) -> Cell:  # fmt: skip
    """Return a cell of a function of one step, stateless unless it has states."""
    said = Declaration(name, sizes, scalars=(), per_sequence=per_sequence, delays={}, stateless=not has_states)
    return Cell(name, f"{name}, for export.", trace(function, said), {})


def _stateless(function: Callable[..., Any], **sizes: Any) -> Cell:
    return own_cell(function.__name__, lambda p, x: ((), function(p, x)), sizes)


def _head(name: str, cell: Cell, width: int, arrays: Mapping[str, Array] | None = None) -> ExportedLayer:
    return ExportedLayer((own_direction(name, cell, width, arrays),), None)


# before the layers ---------------------------------------------------------------------------------------------------


def _embedding(module: nn.Embedding | EmbeddingDropout, first: int, width: int | None) -> Iterator[ExportedLayer]:
    vectors = module.embedding if isinstance(module, EmbeddingDropout) else module
    yield ExportedLayer((ExportedEmbedding(f"embedding{first}", array(vectors.weight)),), None)


@functools.cache
def _standardise() -> Cell:
    # the level in two numbers of float32: near it, what is left has all digits
    return _stateless(lambda p, x: ((x - p.level) - p.rest) / p.spread)


def scaling(level: np.ndarray, spread: np.ndarray) -> ExportedLayer:
    """Return the layer that takes each channel to level 0 and spread 1, given both (channels,) in float64."""
    first = level.astype(np.float32)
    numbers = {"level": first, "rest": (level - first).astype(np.float32), "spread": spread.astype(np.float32)}
    return _head("scale", _standardise(), len(first), numbers)


@functools.cache
def _linear_relu() -> Cell:
    return _stateless(lambda p, x: relu(x @ p.W + p.b), W=("input_size", "hidden_size"))


def _front(module: ConvolutionalFront, first: int, width: int | None) -> Iterator[ExportedLayer]:
    """Yield each convolution as a linear map of the steps that it sees, side by side."""
    frame = Framing(module.kernel_size, module.stride, module.kernel_size // 2)
    for number, each in enumerate(module.convolutions, first):
        assert isinstance(each, nn.Conv1d | OverFeatures)
        weight = array(each.weight)
        matrix = weight.transpose(2, 1, 0).reshape(-1, len(weight))
        assert each.bias is not None
        numbers = {"W": np.ascontiguousarray(matrix), "b": array(each.bias)}
        made = own_direction(f"front{number}", _linear_relu(), len(matrix), numbers)
        yield ExportedLayer((made,), None, frame)


@functools.cache
def _mel() -> Cell:
    def mel(p: Any, x: Any) -> Any:
        cosine, sine = x @ p.cosines, x @ p.sines
        return log(maximum((cosine * cosine + sine * sine) @ p.filters, FLOOR))

    waves, bands = ("input_size", "frequencies"), ("frequencies", "bands")
    return own_cell("mel", lambda p, x: ((), mel(p, x)), {"cosines": waves, "sines": waves, "filters": bands})


@functools.cache
def _cepstra() -> Cell:
    return _stateless(lambda p, x: x @ p.dct, dct=("input_size", "cepstra"))


def _log_mel(module: LogMel, first: int, width: int | None) -> Iterator[ExportedLayer]:
    """Yield the bands, or the cepstra, of a window of samples, the Fourier transform as two products."""
    cosines, sines = map(array, module.waves())
    numbers = {"cosines": cosines, "sines": sines, "filters": array(module.filters)}
    made = own_direction(f"mel{first}", _mel(), module.window, numbers)
    yield ExportedLayer((made,), None, Framing(module.window, module.step, module.padding))
    if module.dynamic_range:
        yield from _within_reach(module, first + 1)
    if isinstance(module, MFCC):
        yield _head(f"cepstra{first}", _cepstra(), module.bands, {"dct": array(module.dct)})


@functools.cache
def _loudest_so_far(place: int) -> Cell:
    """Return what puts out a step, 0, or at each band the loudest of all steps so far, 1."""

    def so_far(p: Any, x: Any, loudest: Any) -> Any:
        above = maximum(loudest, max(x))
        return (above,), (x * 1.0, above + 0.0 * x)[place]

    return own_cell("loudest", so_far, {"loudest": 1}, has_states=True)


@functools.cache
def _relative() -> Cell:
    def relative(p: Any, x: Any, seen: Any, loudest: Any, begun: Any) -> Any:
        # it reads backwards a step and the loudest so far: at the last step that is the loudest of all
        each, so_far = vecmat(p.first, split(x, 2)), vecmat(p.second, split(x, 2))
        loudest = where(begun > 0.0, loudest, so_far)
        return maximum(each - loudest, p.least), loudest, maximum(begun, 1.0)

    sizes = {"seen": "input_size/2", "loudest": "input_size/2", "first": (2,), "second": (2,), "least": (1,)}
    return own_cell("relative", relative, {**sizes, "begun": 1}, has_states=True)


def _within_reach(module: LogMel, first: int) -> Iterator[ExportedLayer]:
    """Yield energies relative to the loudest of the recording, down to the end of the dynamic range."""
    silent, zeros = np.full(1, module.least_loudness, np.float32), np.zeros(module.bands, np.float32)
    so_far = (
        own_direction(f"loudest{first}_{place}", _loudest_so_far(place), module.bands, initial=(silent,))
        for place in range(2)
    )
    yield ExportedLayer(tuple(so_far), first)
    arrays = {"first": np.array([1.0, 0.0]), "second": np.array([0.0, 1.0]), "least": np.array([-module.reach])}
    numbers = {name: each.astype(np.float32) for name, each in arrays.items()}
    initial = (zeros, zeros, np.zeros(1, np.float32))
    back = own_direction(f"relative{first}", _relative(), 2 * module.bands, numbers, initial=initial, reverse=True)
    yield ExportedLayer((back,), first + 1)


@functools.cache
def _running() -> Cell:
    def running(p: Any, x: Any, scaled: Any, total: Any, squares: Any, count: Any) -> Any:
        seen, added, squared = count + 1.0, total + x, squares + x * x
        mean = added / seen
        return (x - mean) / sqrt(maximum(squared / seen - mean * mean, LEAST)), added, squared, seen

    sizes = dict.fromkeys(("scaled", "total", "squares"), "input_size")
    return own_cell("running", running, {**sizes, "count": 1}, has_states=True)


@functools.cache
def _of_steps_so_far(place: int) -> Cell:
    """Return what puts out a step, 0, its mean over the steps so far, 1, or their variance, 2: Welford (1962)."""

    def so_far(p: Any, x: Any, mean: Any, variance: Any, count: Any) -> Any:
        counted = count + 1.0
        level = mean + (x - mean) / counted
        spread = variance + ((x - mean) * (x - level) - variance) / counted
        return (level, spread, counted), (x * 1.0, level * 1.0, spread * 1.0)[place]

    sizes = {"mean": "input_size", "variance": "input_size", "count": 1}
    return own_cell("so_far", so_far, sizes, has_states=True)


@functools.cache
def _to_scale() -> Cell:
    def to_scale(p: Any, x: Any, scaled: Any, mean: Any, variance: Any, begun: Any) -> Any:
        # it reads backwards a step, the mean and the variance so far: at the last step these are those of all
        each, level, spread = (vecmat(part, split(x, 3)) for part in (p.first, p.second, p.third))
        level, spread = where(begun > 0.0, mean, level), where(begun > 0.0, variance, spread)
        return (each - level) / sqrt(maximum(spread, LEAST)), level, spread, maximum(begun, 1.0)

    sizes = dict.fromkeys(("scaled", "mean", "variance"), "input_size/3")
    parts = dict.fromkeys(("first", "second", "third"), (3,))
    return own_cell("to_scale", to_scale, {**sizes, **parts, "begun": 1}, has_states=True)


def _of_recording(first: int, width: int) -> Iterator[ExportedLayer]:
    zeros, one = np.zeros(width, np.float32), np.zeros(1, np.float32)
    so_far = (
        own_direction(f"so_far{first}_{place}", _of_steps_so_far(place), width, initial=(zeros, zeros, one))
        for place in range(3)
    )
    yield ExportedLayer(tuple(so_far), first)
    arrays: dict[str, Array] = dict(zip(("first", "second", "third"), np.eye(3, dtype=np.float32), strict=True))
    initial = (zeros, zeros, zeros, one)
    back = own_direction(f"scaled{first + 1}", _to_scale(), 3 * width, arrays, initial=initial, reverse=True)
    yield ExportedLayer((back,), first + 1)


def _standardising(module: Standardise, first: int, width: int | None) -> Iterator[ExportedLayer]:
    assert width is not None
    if module.kind == "recording":
        yield from _of_recording(first, width)
        return
    zeros, prior = np.zeros(width, np.float32), np.full(width, PRIOR, np.float32)
    made = own_direction(
        f"running{first}", _running(), width, initial=(zeros, zeros, prior, np.full(1, PRIOR, np.float32))
    )
    yield ExportedLayer((made,), first)


# pooling -------------------------------------------------------------------------------------------------------------


@functools.cache
def _pool(kind: str) -> Cell:
    def last(p: Any, x: Any, pooled: Any) -> Any:
        return x

    def mean(p: Any, x: Any, pooled: Any, count: Any) -> Any:
        counted = count + 1.0
        return pooled + (x - pooled) / counted, counted

    def highest(p: Any, x: Any, pooled: Any) -> Any:
        return maximum(pooled, x)

    def attention(p: Any, x: Any, pooled: Any, top: Any, total: Any) -> Any:
        # softmax over the steps so far, scaled anew where a score is above all before: Milakov and Gimelshein (2018)
        score = sum(tanh(x @ p.W + p.b) * p.query)
        above = maximum(top, score)
        before, share = total * exp(top - above), exp(score - above)
        return (pooled * before + x * share) / (before + share), above, before + share

    one = {"mean": {"count": 1}, "attention": {"top": 1, "total": 1, "W": ("input_size", "attention_size")}}
    function = {"last": last, "mean": mean, "max": highest, "attention": attention}[kind]
    return own_cell(kind, function, {"pooled": "input_size", **one.get(kind, {})}, has_states=True)


def _pooling(module: Pooling, first: int, width: int | None) -> Iterator[ExportedLayer]:
    features, cell, name = module.features, _pool(module.kind), f"pool{first}"
    zero, one = np.zeros(features, np.float32), np.zeros(1, np.float32)
    if module.kind == "last":
        ways = 1 + module.bidirectional
        half = features // ways
        found = (
            own_direction(
                name + "_reverse" * way, cell, half, initial=(zero[:half],), reverse=bool(way), begin=half * way
            )
            for way in range(ways)
        )
        yield ExportedLayer(tuple(found), first, is_pooled=True)
        return
    never = np.float32(_NEVER)
    initial = {"mean": (zero, one), "max": (zero + never,), "attention": (zero, one + never, one)}[module.kind]
    arrays = {}
    if module.kind == "attention":
        hidden, query = module.hidden, array(module.query.weight[0])
        arrays = {"W": array(hidden.weight.T), "b": array(hidden.bias), "query": query}
    yield ExportedLayer((own_direction(name, cell, features, arrays, initial=initial),), first, is_pooled=True)


# attention -----------------------------------------------------------------------------------------------------------


def attention_of(module: Attention) -> ExportedAttention:
    """Return attention as formats write it."""
    if module.kind == "multihead":
        return _of_heads(module.heads)
    arrays = {}
    if module.kind in ("additive", "general"):
        arrays["W_k"] = array(module.project_keys.weight.T)
    if module.kind == "additive":
        arrays |= {"W_q": array(module.project_query.weight.T), "v": array(module.score.weight[0])}
    return ExportedAttention(arrays, scale=module.key_size**-0.5 if module.kind == "scaled_dot" else 1.0)


def _of_heads(module: nn.MultiheadAttention) -> ExportedAttention:
    matrices = (module.q_proj_weight, module.k_proj_weight, module.v_proj_weight)
    if module.in_proj_weight is not None:
        matrices = module.in_proj_weight.chunk(3)
    tensors = {f"W_{part}": matrix.T for part, matrix in zip("qkv", matrices, strict=True)}
    tensors |= {f"b_{part}": bias for part, bias in zip("qkv", module.in_proj_bias.chunk(3), strict=True)}
    tensors |= {"W_o": module.out_proj.weight.T, "b_o": module.out_proj.bias}
    arrays = {name: array(tensor) for name, tensor in tensors.items()}
    return ExportedAttention(arrays, module.num_heads, module.head_dim**-0.5)


def _self_attention(module: SelfAttention, first: int, width: int | None) -> Iterator[ExportedLayer | nn.Module]:
    part = ExportedSelfAttention(f"attention{first}", _of_heads(module.attention), module.features)
    yield ExportedLayer((part,), None)
    yield module.norm


# after the layers ----------------------------------------------------------------------------------------------------


def _log_shares(x: Any) -> Any:
    """Return log softmax(x)."""
    lower = x - max(x)
    return lower - log(sum(exp(lower)))


@functools.cache
def _softmax(in_logarithms: bool) -> Cell:
    return _stateless(lambda p, x: _log_shares(x) if in_logarithms else softmax(x))


def _shares(module: nn.Softmax | nn.LogSoftmax, first: int, width: int | None) -> Iterator[ExportedLayer]:
    assert width is not None
    yield _head(f"softmax{first}", _softmax(isinstance(module, nn.LogSoftmax)), width)


@functools.cache
def _linear(has_bias: bool) -> Cell:
    return _stateless(lambda p, x: x @ p.W + p.b if has_bias else x @ p.W, W=("input_size", "hidden_size"))


def _tied(module: TiedLinear, first: int, width: int | None) -> Iterator[ExportedLayer]:
    matrix = array(module._tied[0].weight.T)
    if module.projection is not None:
        matrix = array(module.projection.weight.T) @ matrix
    numbers = {"W": matrix} if module.bias is None else {"W": matrix, "b": array(module.bias)}
    made = own_direction(f"tied{first}", _linear(module.bias is not None), len(matrix), numbers)
    yield ExportedLayer((made,), None)


@functools.cache
def _cluster() -> Cell:
    def cluster(p: Any, x: Any) -> Any:
        # log p of the cluster among the head's classes and clusters, and log p of each class inside of it
        scores = x @ p.W_head + p.b_head
        lower = scores - max(scores)
        share = sum(lower * p.own) - log(sum(exp(lower)))
        return _log_shares((x @ p.W_in) @ p.W_out) + share

    sizes = {"W_head": ("input_size", "head"), "W_in": ("input_size", "narrow"), "W_out": ("narrow", "hidden_size")}
    return _stateless(cluster, **sizes)


@functools.cache
def _head_of_clusters() -> Cell:
    def frequent(p: Any, x: Any) -> Any:
        scores, rare = x @ p.W + p.b, x @ p.W_rare + p.b_rare
        top = maximum(max(scores), max(rare))
        return scores - top - log(sum(exp(scores - top)) + sum(exp(rare - top)))

    return _stateless(frequent, W=("input_size", "hidden_size"), W_rare=("input_size", "clusters"))


def _adaptive(module: AdaptiveSoftmax, first: int, width: int | None) -> Iterator[ExportedLayer]:
    """Yield one layer, in which frequent classes and each cluster of rare ones stand side by side."""
    torchs = module.softmax
    short = torchs.shortlist_size
    head, bias = array(torchs.head.weight.T), array(torchs.head.bias)
    features = len(head)
    frequent = {"W": head[:, :short], "b": bias[:short], "W_rare": head[:, short:], "b_rare": bias[short:]}
    parts = [own_direction(f"frequent{first}", _head_of_clusters(), features, frequent)]
    for number, (narrower, wider) in enumerate(torchs.tail):  # pyright: ignore[reportGeneralTypeIssues]
        own = np.zeros(len(bias), np.float32)
        own[short + number] = 1
        arrays = {"W_head": head, "b_head": bias, "own": own,
                  "W_in": array(narrower.weight.T), "W_out": array(wider.weight.T)}  # fmt: skip
        parts.append(own_direction(f"rare{first}_{number}", _cluster(), features, arrays))
    yield ExportedLayer(tuple(parts), None)


@functools.cache
def _best_scores() -> Cell:
    def best_scores(p: Any, x: Any, best: Any, begun: Any) -> Any:
        # the score of the best path to each tag; `before` has a row for each tag, what it is to come from the others
        came = flatten(max(row(best) + p.before))
        return x + where(begun > 0.0, came, p.start), maximum(begun, 1.0)

    sizes = {"best": "input_size", "begun": 1, "before": ("input_size", "input_size")}
    return own_cell("best_scores", best_scores, sizes, has_states=True)


@functools.cache
def _best_path() -> Cell:
    def best_path(p: Any, x: Any, tag: Any, chosen: Any) -> Any:
        # what is chosen is one tag, as ones and zeros: before the first choice, at a sequence's end, none
        scores = x + chosen @ p.after + p.end * (1.0 - sum(chosen))
        highest = where(scores >= max(scores), 1.0, 0.0)
        choice = where(cumsum(highest) <= 1.0, highest, 0.0)
        return sum(choice * p.number), choice

    sizes = {"tag": 1, "chosen": "input_size", "after": ("input_size", "input_size")}
    return own_cell("best_path", best_path, sizes, has_states=True)


def _viterbi(module: LinearChainCRF, first: int, width: int | None) -> Iterator[ExportedLayer]:
    """Yield the way forwards and the way back; what comes out is the number of a tag a step."""

    def scores(values: Tensor, allowed: Tensor) -> Array:
        return array(values.masked_fill(~allowed, _NEVER))

    # for each tag a row of what it is to come to it from the others, which is picked by the tag that is come to
    came, count = scores(module.transitions, module.allowed).T.copy(), module.tags
    zeros, one = np.zeros(count, np.float32), np.zeros(1, np.float32)
    forwards = {"before": came, "start": scores(module.start, module.allowed_first)}
    backwards = {
        "after": came, "end": scores(module.end, module.allowed_last), "number": np.arange(count, dtype=np.float32),
    }  # fmt: skip
    yield ExportedLayer((own_direction(f"best{first}", _best_scores(), count, forwards, initial=(zeros, one)),), first)
    way_back = own_direction(f"path{first + 1}", _best_path(), count, backwards, initial=(one, zeros), reverse=True)
    yield ExportedLayer((way_back,), first + 1)


def _plain_softmax(module: Softmax, first: int, width: int | None) -> Iterator[ExportedLayer]:
    if isinstance(module.scores, TiedLinear):
        yield from _tied(module.scores, first, width)
        width = module.scores._tied[0].num_embeddings
    elif isinstance(module.scores, nn.Linear):
        numbers = {"W": array(module.scores.weight.T)}
        if module.scores.bias is not None:
            numbers["b"] = array(module.scores.bias)
        yield _head(f"scores{first}", _linear("b" in numbers), module.scores.in_features, numbers)
        width = module.scores.out_features
    else:
        raise ExportError(f"{module.scores}: no format has it; the scores of a Softmax are a Linear or a TiedLinear")
    yield _head(f"softmax{first}", _softmax(True), width)


PARTS: Mapping[type[nn.Module], Callable[[Any, int, int | None], Iterator[ExportedLayer | nn.Module]]] = {
    nn.Embedding: _embedding, EmbeddingDropout: _embedding, ConvolutionalFront: _front, Pooling: _pooling,
    nn.Softmax: _shares, nn.LogSoftmax: _shares, TiedLinear: _tied, Softmax: _plain_softmax,
    AdaptiveSoftmax: _adaptive, LinearChainCRF: _viterbi, LogMel: _log_mel, MFCC: _log_mel,
    Standardise: _standardising, SelfAttention: _self_attention,
}  # fmt: skip
"""Kind of module -> its layers, or modules in their place, given the first one's number and the width of its input."""
