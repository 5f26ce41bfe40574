"""Attention: each kind against its equation, sequence by sequence; padding is never read."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from ragged_cases import DTYPES, LENGTHS, batch, check_gradient, check_poison, drawn, packed, poisoned
from torch import Tensor
from torch.nn.utils.rnn import pad_packed_sequence

from recurra.errors import InputError
from recurra.nn import Attention, SelfAttention
from recurra.testing.tolerances import tolerance

KINDS: dict[str, dict[str, Any]] = {
    "additive": {"attention_size": 5},
    "dot": {},
    "scaled_dot": {},
    "general": {},
    "multihead": {"heads": 2},
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def attention_of(kind: str, *, dtype: torch.dtype = torch.float64) -> Attention:
    torch.manual_seed(0)
    query_size = 3 if "dot" in kind else 4
    return Attention(kind, query_size, 3, **KINDS[kind], dtype=dtype)  # pyright: ignore[reportArgumentType]


def query_for(attention: Attention, *, queries: int | None = None) -> Tensor:
    shape = () if queries is None else (queries,)
    like = next(attention.parameters(), torch.empty(0, dtype=torch.float64))
    return drawn(len(LENGTHS), *shape, attention.query_size, dtype=like.dtype, seed=1)


def by_the_equation(attention: Attention, query: Tensor, keys: Tensor) -> tuple[Tensor, Tensor]:
    """Return the context and weights of one query (size,) over one sequence (time, size)."""
    if attention.kind == "multihead":
        context, weights = attention.heads(query.view(1, 1, -1), keys.unsqueeze(0), keys.unsqueeze(0))
        return context.flatten(), weights.flatten()
    scores = []
    for key in keys:
        if attention.kind == "additive":
            v, W, U = (getattr(attention, n).weight for n in ("score", "project_query", "project_keys"))
            scores.append(v[0] @ torch.tanh(W @ query + U @ key))
        elif attention.kind == "general":
            scores.append(query @ attention.project_keys.weight @ key)
        else:
            scores.append(query @ key / (len(key) ** 0.5 if attention.kind == "scaled_dot" else 1))
    weights = torch.stack(scores).softmax(0)
    return (weights.unsqueeze(1) * keys).sum(0), weights


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("is_packed", [False, True], ids=["padded", "packed"])
@every_kind
def test_it_is_its_equation(kind: str, is_packed: bool, dtype: torch.dtype) -> None:
    attention = attention_of(kind, dtype=dtype)
    states, query = batch(dtype=dtype), query_for(attention, queries=2).to(dtype)
    memory = (packed(states, LENGTHS),) if is_packed else (states, LENGTHS)
    context, weights = attention(query, *memory)
    allowed = tolerance(str(dtype).removeprefix("torch.")).gradient
    for k, length in enumerate(LENGTHS.tolist()):
        for q in range(2):
            expected = by_the_equation(attention, query[k, q], states[k, :length])
            torch.testing.assert_close(context[k, q], expected[0], atol=allowed, rtol=allowed)
            torch.testing.assert_close(weights[k, q, :length], expected[1], atol=allowed, rtol=allowed)
            assert (weights[k, q, length:] == 0).all()


@every_kind
def test_one_query_is_the_first_of_several(kind: str) -> None:
    attention = attention_of(kind)
    query = query_for(attention)
    context, weights = attention(query, batch(), LENGTHS)
    several = attention(query.unsqueeze(1), batch(), LENGTHS)
    assert context.shape == (4, attention.context_size)
    assert weights.shape == (4, 6)
    torch.testing.assert_close((context, weights), (several[0][:, 0], several[1][:, 0]))
    torch.testing.assert_close(weights.sum(1), torch.ones(4, dtype=weights.dtype))


@every_kind
def test_nan_behind_the_ends_is_never_read(kind: str) -> None:
    attention = attention_of(kind)
    leaf, query = poisoned(batch(), LENGTHS), query_for(attention)
    context, _ = attention(query, leaf, LENGTHS)
    torch.testing.assert_close(context, attention(query, batch(), LENGTHS)[0])
    check_poison(context, leaf, LENGTHS)
    attention(query, leaf, LENGTHS)[0].sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in attention.parameters())


@every_kind
def test_gradients(kind: str) -> None:
    attention = attention_of(kind)
    query, states = query_for(attention).requires_grad_(), batch().requires_grad_()
    check_gradient(lambda q, s, *_: attention(q, s, LENGTHS), query, states, *attention.parameters())


@every_kind
def test_a_batch_of_one_of_one_step_is_that_step(kind: str) -> None:
    attention = attention_of(kind)
    states = batch(lengths=torch.tensor([1]))
    context, weights = attention(query_for(attention)[:1], states)
    assert weights.tolist() == [[1.0]]
    if kind != "multihead":
        torch.testing.assert_close(context, states[:, 0])


@every_kind
def test_full_lengths_change_nothing(kind: str) -> None:
    attention = attention_of(kind)
    query, full = query_for(attention), torch.full((4,), 6)
    torch.testing.assert_close(attention(query, batch()), attention(query, batch(), full))


@every_kind
def test_the_memory_of_some_sequences(kind: str) -> None:
    attention = attention_of(kind)
    query, index = query_for(attention), torch.tensor([3, 1])
    some = attention.prepare(batch(), LENGTHS).selected(index)
    expected = attention(query, batch(), LENGTHS)
    torch.testing.assert_close(attention.attend(query[index], some), tuple(each[index] for each in expected))


def test_self_attention_is_torchs_on_each_sequence_alone() -> None:
    torch.manual_seed(0)
    layer = SelfAttention(3, heads=3).double()
    found = pad_packed_sequence(layer(packed(batch(), LENGTHS)), batch_first=True)[0]
    weights = layer.weights(packed(batch(), LENGTHS))
    for k, length in enumerate(LENGTHS.tolist()):
        x = batch()[k : k + 1, :length]
        expected = layer.norm(x + layer.attention(x, x, x)[0])
        torch.testing.assert_close(weights[k : k + 1, :length, :length], layer.attention(x, x, x)[1])
        torch.testing.assert_close(found[k : k + 1, :length], expected)
    with pytest.raises(InputError, match="heads: got 2, expected a divisor of features=3"):
        SelfAttention(3, heads=2)
    with pytest.raises(InputError, match=r"input: got \(4, 6, 3\), expected packed rows of 3 features"):
        layer(batch())  # pyright: ignore[reportArgumentType]


OPTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown": ({"kind": "adaptive"}, r"kind: got 'adaptive', .*; did you mean 'additive'\?"),
    "sizes": ({"kind": "dot"}, r"query_size=4, key_size=3: 'dot' needs them equal"),
    "heads": ({"kind": "multihead", "heads": 3}, r"heads: got 3, expected a divisor of query_size=4"),
    "no heads": ({"kind": "multihead"}, r"heads: got None, expected a whole number"),
    "needless heads": ({"kind": "general", "heads": 2}, r"attention of kind 'general' has none, 'multihead' has"),
    "needless size": ({"kind": "general", "attention_size": 2}, r"'general' has none, 'additive' has"),
    "attention size": ({"kind": "additive", "attention_size": 0}, r"attention_size: got 0, expected a whole number"),
}


@pytest.mark.parametrize("wrong", OPTIONS)
def test_wrong_options(wrong: str) -> None:
    options, message = OPTIONS[wrong]
    options = dict(options)
    with pytest.raises(InputError, match=message):
        Attention(options.pop("kind"), 4, 3, **options)


INPUTS: dict[str, tuple[tuple[Any, ...], str]] = {
    "query's width": ((drawn(4, 3), batch(), LENGTHS), r"query: got \(4, 3\), expected \(batch, \[queries,\] 4\)"),
    "query's batch": ((drawn(3, 4), batch(), LENGTHS), r"query: got a batch of 3, the memory has 4 sequences"),
    "query's dtype": ((drawn(4, 4).float(), batch(), LENGTHS), r"query: got torch.float32"),
    "memory's width": ((drawn(4, 4), batch(5), LENGTHS), r"memory: got \(4, 6, 5\), expected \(batch, time, 3\)"),
    "no steps": ((drawn(4, 4), drawn(4, 0, 3)), r"memory: got \(4, 0, 3\), .* of at least one step"),
    "length 0": ((drawn(4, 4), batch(), LENGTHS - 1), r"lengths: sequence 2 has length 0, expected 1 to 6"),
    "twice": ((drawn(4, 4), packed(batch(), LENGTHS), LENGTHS), r"lengths: a PackedSequence has its own"),
}


@pytest.mark.parametrize("wrong", INPUTS)
def test_wrong_inputs(wrong: str) -> None:
    arguments, message = INPUTS[wrong]
    with pytest.raises(InputError, match=message):
        attention_of("additive")(*arguments)
