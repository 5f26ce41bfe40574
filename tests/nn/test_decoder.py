"""The attention decoder: each way of feeding against its equations, step by step and all at once."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from own_cells import Decaying, Delayed, Readout
from ragged_cases import DTYPES, LENGTHS, batch, check_gradient, check_poison, drawn, packed, poisoned
from torch import Tensor

from cell_kinds import own_sizes
from recurra import Cell, cell, tanh
from recurra.cells import GRU, LSTM, TGRU, ProjectedLSTM
from recurra.errors import InputError
from recurra.nn import AttentionDecoder, DecoderState
from recurra.testing.tolerances import tolerance

FEEDING = ["none", "output", "context", "above"]


@cell(sizes={"x_old": "input_size", "W": ("input_size", "hidden_size")})
def Before(p, x, x_old):
    """Its only state is the input before, so it has no state to ask with."""
    return (x,), tanh(x @ p.W + x_old @ p.V + p.b)


every_feeding = pytest.mark.parametrize("feeding", FEEDING)


def decoder_of(feeding: str, kind: Cell = LSTM, **options: Any) -> AttentionDecoder:
    torch.manual_seed(0)
    options = {"dtype": torch.float64, "memory_size": 3, **options}
    if feeding == "above":
        options["num_layers"] = 2
    return AttentionDecoder(kind, 2, 5, feeding=feeding, **options)  # pyright: ignore[reportArgumentType]


def inputs(steps: int = 4, dtype: torch.dtype = torch.float64) -> Tensor:
    return drawn(4, steps, 2, dtype=dtype, seed=3)


def some_state(decoder: AttentionDecoder) -> DecoderState:
    zeros = decoder.initial_state(4)
    recurrent = tuple(drawn(*state.shape, seed=k) for k, state in enumerate(zeros.recurrent))
    return DecoderState(recurrent, None if zeros.fed is None else drawn(4, 5, seed=8))


def by_the_equations(
    decoder: AttentionDecoder, memory: Tensor, lengths: Tensor, state: DecoderState
) -> tuple[Tensor, Tensor]:
    """Return outputs and weights: one step after the other, in the papers' order."""
    recurrent, fed = state.recurrent, state.fed
    outputs, looks = [], []
    for x in inputs(dtype=memory.dtype).unbind(1):
        if decoder.upper is not None:
            below, above = (tuple(each[part] for each in recurrent) for part in (slice(1), slice(1, None)))
            h, below = decoder.recurrent(x.unsqueeze(0), below)
            c, a = decoder.attention(h[0], memory, lengths)
            h, above = decoder.upper(torch.cat([h, c.unsqueeze(0)], 2), above)
            after = tuple(
                map(torch.cat, zip(*(e if isinstance(e, tuple) else (e,) for e in (below, above)), strict=True))
            )
        elif decoder.feeding == "context":
            c, a = decoder.attention(recurrent[0][-1], memory, lengths)
            h, after = decoder.recurrent(torch.cat([x, c], 1).unsqueeze(0), recurrent)
        else:
            given = x if fed is None else torch.cat([x, fed], 1)
            h, after = decoder.recurrent(given.unsqueeze(0), recurrent)
            c, a = decoder.attention(h[0], memory, lengths)
        recurrent = after if isinstance(after, tuple) else (after,)
        outputs.append(torch.tanh(torch.cat([c, h[0]], 1) @ decoder.combine.weight.T))
        fed = outputs[-1] if decoder.feeding == "output" else None
        looks.append(a)
    return torch.stack(outputs, 1), torch.stack(looks, 1)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("attention", ["additive", "general"])
@every_feeding
def test_it_is_its_equations(feeding: str, attention: str, dtype: torch.dtype) -> None:
    decoder = decoder_of(feeding, attention=attention, num_layers=2, dtype=dtype)
    memory = batch(dtype=dtype)
    decoded = decoder(inputs(dtype=dtype), memory, LENGTHS)
    expected = by_the_equations(decoder, memory, LENGTHS, decoder.initial_state(4))
    allowed = tolerance(str(dtype).removeprefix("torch.")).gradient
    for found, wanted in zip((decoded.outputs, decoded.weights), expected, strict=True):
        torch.testing.assert_close(found, wanted, atol=allowed, rtol=allowed)


@pytest.mark.parametrize("kind", [GRU, Delayed, Readout, TGRU, ProjectedLSTM], ids=lambda kind: kind.name)
@every_feeding
def test_step_by_step_is_all_at_once(feeding: str, kind: Cell) -> None:
    sizes = own_sizes(kind, 4)
    if feeding == "above" and kind is TGRU:
        with pytest.raises(InputError, match="TGRU has a state as wide as its input"):
            decoder_of(feeding, kind, sizes=sizes)
        return
    decoder = decoder_of(feeding, kind, sizes=sizes)
    memory, state = decoder.prepare(batch(), LENGTHS), some_state(decoder)
    decoded = decoder(inputs(), memory, state=state)
    for t, x in enumerate(inputs().unbind(1)):
        one = decoder.step(x, memory, state=state)
        torch.testing.assert_close(one.outputs, decoded.outputs[:, t])
        torch.testing.assert_close(one.weights, decoded.weights[:, t])
        state = one.state
    torch.testing.assert_close((state.recurrent, state.fed), (decoded.state.recurrent, decoded.state.fed))


@every_feeding
def test_in_parts_is_the_whole(feeding: str) -> None:
    decoder, memory = decoder_of(feeding), batch()
    whole = decoder(inputs(), memory, LENGTHS)
    first = decoder(inputs()[:, :3], memory, LENGTHS)
    second = decoder(inputs()[:, 3:], memory, LENGTHS, state=first.state)
    torch.testing.assert_close(torch.cat([first.outputs, second.outputs], 1), whole.outputs)


@every_feeding
def test_a_packed_memory_is_a_padded_one(feeding: str) -> None:
    decoder = decoder_of(feeding)
    torch.testing.assert_close(
        decoder(inputs(), packed(batch(), LENGTHS)).outputs, decoder(inputs(), batch(), LENGTHS).outputs
    )


@every_feeding
def test_nan_behind_the_memorys_ends_is_never_read(feeding: str) -> None:
    decoder, leaf = decoder_of(feeding), poisoned(batch(), LENGTHS)
    decoded = decoder(inputs(), leaf, LENGTHS)
    check_poison(decoded.outputs, leaf, LENGTHS)
    for weights, length in zip(decoded.weights, LENGTHS.tolist(), strict=True):
        assert (weights[:, length:] == 0).all()


@every_feeding
def test_what_comes_later_changes_nothing_before(feeding: str) -> None:
    decoder, changed = decoder_of(feeding), inputs()
    changed[:, 3] = 100.0
    found, expected = (decoder(x, batch(), LENGTHS).outputs for x in (changed, inputs()))
    torch.testing.assert_close(found[:, :3], expected[:, :3])
    assert not torch.allclose(found[:, 3], expected[:, 3])


@every_feeding
def test_gradients(feeding: str) -> None:
    decoder, memory, x = decoder_of(feeding, GRU), batch().requires_grad_(), inputs(3).requires_grad_()
    h = drawn(decoder.num_layers, 4, 5, seed=4).requires_grad_()
    fed = decoder.initial_state(4).fed

    def outputs(x: Tensor, memory: Tensor, h: Tensor, *_: Tensor) -> Tensor:
        return decoder(x, memory, LENGTHS, state=DecoderState((h,), fed)).outputs

    check_gradient(outputs, x, memory, h, *decoder.parameters())


@every_feeding
def test_one_sequence_of_one_step(feeding: str) -> None:
    decoder = decoder_of(feeding, attention="multihead", heads=5)
    decoded = decoder(inputs(1)[:1], batch(lengths=torch.tensor([1])))
    assert decoded.outputs.shape == (1, 1, 5)
    torch.testing.assert_close(decoded.weights, torch.ones(1, 1, 1, dtype=torch.float64))


def test_a_state_of_some_sequences() -> None:
    state = some_state(decoder_of("output"))
    chosen = state.selected(torch.tensor([2, 2, 0]))
    assert torch.equal(chosen.recurrent[1], state.recurrent[1][:, [2, 2, 0]])
    assert chosen.fed is not None
    assert state.fed is not None
    assert torch.equal(chosen.fed, state.fed[[2, 2, 0]])


WRONG: dict[str, tuple[Any, str]] = {
    "feeding": (
        lambda: decoder_of("input"),
        r"feeding: got 'input', expected one of \['none', 'output', 'context', 'above'\]",
    ),
    "further inputs": (lambda: decoder_of("none", Decaying), r"cell: Decaying has the further inputs \['dt'\]"),
    "layers": (
        lambda: AttentionDecoder(GRU, 2, 5, memory_size=3, feeding="above"), r"num_layers: got 1, feeding='above' has"
    ),
    "no cell": (lambda: decoder_of("none", torch.nn.LSTM), r"cell: got <class .*>, expected a cell"),  # pyright: ignore
    "query": (lambda: decoder_of("context", Before), r"Before would ask the memory with is as wide as input_size"),
    "width": (lambda: decoder_of("output")(drawn(4, 3, 7), batch()), r"inputs: got \(4, 3, 7\), expected \(batch,"),
    "rank": (lambda: decoder_of("none")(drawn(4, 2), batch()), r"inputs: got \(4, 2\), expected \(batch, time, 2\)"),
    "batch": (lambda: decoder_of("none")(inputs()[:3], batch()), r"inputs: got \(3, 4, 2\), .* of 4 sequences"),
    "no steps": (lambda: decoder_of("output")(inputs(0), batch()), r"inputs: got \(4, 0, 2\), expected at least one"),
    "no fed": (
        lambda: decoder_of("output")(inputs(), batch(), state=decoder_of("none").initial_state(4)),
        r"state: got one without `fed`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_it_refuses(wrong: str) -> None:
    call, message = WRONG[wrong]
    with pytest.raises(InputError, match=message):
        call()
