"""Many sessions in one stream: a step of some rows is a step of a stream each, and nobody else's."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
import torch

from recurra import cell, exp, tanh
from recurra.cells import Elman
from recurra.errors import InputError
from recurra.nn import GRU, LSTM, Recurrent, Sequential, Stream
from recurra.transforms import batch_norm


def samples(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def alone(streams: list[Stream], rows: list[int], x: np.ndarray) -> np.ndarray:
    return np.stack([streams[row].step(value).copy() for row, value in zip(rows, x, strict=True)])


@pytest.mark.parametrize(
    "module",
    [GRU(3, 5), Sequential(LSTM(3, 8, num_layers=2), torch.nn.Linear(8, 4), torch.nn.Tanh(), GRU(4, 2))],
    ids=["layer", "stack"],
)
def test_some_rows_go_on_as_streams_of_their_own(module: Any) -> None:
    """Whatever the number of rows: blocks that are full, that have rows to spare, and several."""
    sessions, random = 40, np.random.default_rng(1)
    stream, streams = module.stream(batch=sessions), [module.stream() for _ in range(sessions)]
    for step, count in enumerate((1, 2, 3, 7, 13, 40, 0, 25)):
        rows = random.permutation(sessions)[:count]
        x = samples(count, 3, seed=step)
        found = stream.step_many(x, rows)
        if count:
            np.testing.assert_allclose(found, alone(streams, rows.tolist(), x), rtol=1e-5, atol=1e-6)
        assert found.shape[0] == count
    whole = stream.state
    of_all = stream.state_of(range(sessions))
    torch.testing.assert_close(of_all, whole, rtol=0, atol=0)


def test_more_rows_than_a_block_has() -> None:
    layer = GRU(3, 5)
    stream, x = layer.stream(batch=700), samples(600, 3)
    rows = np.random.default_rng(0).permutation(700)[:600]
    with torch.no_grad():
        expected = layer(torch.from_numpy(x)[None])[0][0]
    np.testing.assert_allclose(stream.step_many(x, rows), expected, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(stream.state_of(rows)[0], expected)


def test_rows_are_read_set_copied_reset_and_added() -> None:
    layer = GRU(3, 5, num_layers=2)
    stream, one = layer.stream(batch=4), layer.stream()
    for number in range(3):
        x = samples(1, 3, seed=number)
        stream.step_many(x, [2])
        one.step(x[0])
    torch.testing.assert_close(stream.state_of([2]), one.state)
    assert not stream.state_of([0, 1, 3]).any()
    added = stream.add_rows(3)
    assert (added, stream.batch) == (range(4, 7), 7)
    assert not stream.state_of(added).any()
    stream.copy_rows([2, 2], [6, 0])
    torch.testing.assert_close(stream.state_of([6, 0]), one.state.expand(-1, 2, -1))
    stream.set_state([5, 1], torch.cat([one.state, 2 * one.state], 1))
    torch.testing.assert_close(stream.state_of([1, 5]), torch.cat([2 * one.state, one.state], 1))
    stream.reset(np.arange(7) == 6)
    x = samples(7, 3)
    found = stream.step(x).copy()  # the same rows go on as a whole batch
    np.testing.assert_allclose(found[2], one.step(x[2]), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found[6], layer.stream().step(x[6]), rtol=1e-5, atol=1e-6)


def test_what_one_row_has_never_reaches_another() -> None:
    stream, streams = LSTM(3, 8).eval().stream(batch=20), None
    clean = Stream(stream._module, batch=20)
    x = samples(20, 3)
    spoilt = x.copy()
    spoilt[[3, 11]] = [[np.nan] * 3, [np.inf] * 3]
    for _ in range(3):
        found, expected = stream.step_many(spoilt, range(20)), clean.step_many(x, range(20))
    assert np.isnan(found[3]).all()
    others = [row for row in range(20) if row not in (3, 11)]
    assert np.array_equal(found[others], expected[others])
    assert streams is None
    # a block with rows to spare, which stand beside those of before
    assert np.isfinite(stream.step_many(x[:13], [*range(3), *range(4, 11), *range(12, 15)])).all()


def test_further_inputs_statistics_and_tensors() -> None:
    @cell(sizes={"dt": 1})
    def Decaying(p, x, h, *, dt):
        return tanh(x @ p.W + (exp(-dt) * h) @ p.U + p.b)

    decaying = Recurrent(Decaying, 3, 5)
    stream, streams = decaying.stream(batch=3), [decaying.stream() for _ in range(3)]
    assert (stream.widths, stream.further) == ((3, 1), {"dt": 1})
    x, further = samples(3, 3), {"dt": np.abs(samples(3, 1, seed=8))}
    rows = [2, 0]
    found = stream.step_many(x[:2], rows, **{name: value[:2] for name, value in further.items()})
    for place, row in enumerate(rows):
        one = streams[row].step(x[place], **{name: value[place : place + 1] for name, value in further.items()})
        np.testing.assert_allclose(found[place], one, rtol=1e-5, atol=1e-6)
    normed = Recurrent(batch_norm(Elman), 3, 5)
    normed(torch.randn(6, 8, 3))  # running statistics of six steps
    normed.eval()
    stream, one, block = normed.stream(batch=3), normed.stream(), torch.randn(4, 3)
    for value in block:
        given = stream.step_many(value[None], torch.tensor([1]))
        torch.testing.assert_close(given[0], one.step(value))


def test_weights_that_change_are_noticed_and_other_threads_run() -> None:
    layer = GRU(3, 5)
    stream, x = layer.stream(batch=4), samples(4, 3)
    before = stream.step_many(x, range(4))
    with torch.no_grad():
        layer.weight_ih_l0.mul_(2)
    stream.reset()
    after = stream.step_many(x, range(4))
    assert not np.allclose(before, after)
    np.testing.assert_allclose(after[1], layer.stream().step(x[1]), rtol=1e-5, atol=1e-6)
    layer.weight_ih_l0.data.mul_(2)
    stream.refresh()
    stream.reset()
    np.testing.assert_allclose(stream.step_many(x, range(4))[1], layer.stream().step(x[1]), rtol=1e-5, atol=1e-6)
    # streams of the same layer on threads of their own
    found: list[np.ndarray] = [after] * 2

    def run(number: int) -> None:
        mine = layer.stream(batch=4)
        for _ in range(50):
            found[number] = mine.step_many(x, range(4))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.array_equal(found[0], found[1])


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (lambda s, x: s.step_many(x, [0, 1, 1]), "row 1 twice"),
        (lambda s, x: s.step_many(x, [0, 1, 4]), "got row 4; the stream has 4, from 0 to 3"),
        (lambda s, x: s.step_many(x, [0, 1, -1]), "got row -1"),
        (lambda s, x: s.step_many(x, [0, 1]), r"x: got float32 of shape \(3, 3\); this stream takes float32 of shape"),
        (lambda s, x: s.step_many(x[:, :2], [0, 1, 2]), r"of shape \(3, 3\)"),
        (lambda s, x: s.step_many(x.astype(float), [0, 1, 2]), "x: got float64"),
        (lambda s, x: s.step_many(x, [0.0, 1.0, 2.0]), "rows: got float64"),
        (lambda s, x: s.step_many(x, [True, False, True]), "rows: got bool"),
        (lambda s, x: s.step_many(x, [0, 1, 2], dt=x), r"inputs: got \['dt'\]"),
        (lambda s, x: s.state_of([9]), "got row 9"),
        (lambda s, x: s.set_state([1], torch.zeros(1, 2, 5)), "state 0"),
        (lambda s, x: s.copy_rows([0], [1, 2]), "1 rows of source and 2 of into"),
        (lambda s, x: s.copy_rows([0, 1], [2, 2]), "into: got row 2 twice"),
        (lambda s, x: s.add_rows(0), "count"),
    ],
)
def test_what_does_not_fit_is_said(use: Any, said: str) -> None:
    stream = GRU(3, 5).stream(batch=4)
    stream.step_many(samples(3, 3), [0, 1, 2])
    before = stream.state
    with pytest.raises(InputError, match=said):
        use(stream, samples(3, 3))
    assert torch.equal(stream.state, before)
