"""How much history a model uses, and what comes back from its last step: as counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from diagnose_cases import linear_layer, weight
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from recurra import cell
from recurra.cells import Elman
from recurra.diagnose import Diagnosis, diagnose, gradient_flow
from recurra.diagnose.flow import last_step_flow
from recurra.diagnose.history import history_in_use, losses_by_history
from recurra.nn import GRU, LSTM, Recurrent


@cell
def Before(p: Any, x: Any, h: Any, last: Any) -> Any:
    """The input of one step before, and nothing else."""
    return last + 0 * (h @ p.U), x @ p.V


def at_each_step(layer: Any, wanted: Tensor) -> Callable[[Any], Tensor]:
    return lambda batch: (layer(batch)[0] - wanted).square().mean()


@pytest.mark.parametrize("steps", [64, 65])
def test_a_cell_that_reads_one_step_back_needs_two_steps(steps: int) -> None:
    torch.manual_seed(0)
    layer = Recurrent(Before, 3, 3)
    with torch.no_grad():
        weight(layer, "V_l0").copy_(torch.eye(3))
    x = torch.randn(steps, 16, 3)
    wanted = torch.cat([torch.zeros(1, 16, 3), x[:-1]])
    found = diagnose(layer, [x], loss=at_each_step(layer, wanted))
    assert found.history_in_use == 2
    losses = dict(found.history)
    assert losses[1] > 0.5
    assert all(loss == 0 for history, loss in losses.items() if history > 1)


@pytest.mark.parametrize("back", [0, 1, 3, 5])
def test_a_line_of_units_needs_as_many_steps_as_it_hands_on(back: int) -> None:
    torch.manual_seed(0)
    layer = Recurrent(Elman, 1, 6)
    with torch.no_grad():
        weight(layer, "W_x_l0").zero_()[0, 0] = 0.1
        weight(layer, "W_h_l0").copy_(torch.diag(torch.ones(5), 1))
        weight(layer, "b_l0").zero_()
    x = torch.randn(33, 64, 1)

    def last(batch: Tensor) -> Tensor:
        return (10 * layer(batch)[0][-1, :, back] - batch[-1 - back, :, 0]).square().mean()

    def each(batch: Tensor) -> Tensor:
        return (10 * layer(batch)[0][back:, :, back] - batch[: len(batch) - back, :, 0]).square().mean()

    for loss in (last, each):
        found = diagnose(layer, [x], loss=loss)
        assert [steps for steps, _ in found.history] == [1, 2, 4, 8, 16, 32, 33]
        assert found.history_in_use == (None if back == 0 else 1 << back.bit_length())


def test_no_history_in_use_where_none_helps() -> None:
    assert history_in_use(((1, 1.0), (2, 1.5))) is None


@pytest.mark.parametrize("history", [1, 2, 4])
@pytest.mark.parametrize("kind", [LSTM, GRU])
@pytest.mark.parametrize("layout", ["steps first", "batch first", "unbatched", "packed"])
def test_every_step_has_exactly_so_much(kind: Any, history: int, layout: str) -> None:
    """Beside runs of each window by itself, through two layers of a stack and one more layer on it."""
    torch.manual_seed(0)
    options = {"batch_first": layout == "batch first", "dtype": torch.float64}
    model = torch.nn.ModuleList([kind(2, 4, num_layers=2, **options), kind(4, 3, **options)])
    lengths = (9,) if layout == "unbatched" else (6, 9, 2) if layout == "packed" else (9, 9, 9)
    given = [torch.randn(length, 2, dtype=torch.float64) for length in lengths]
    made = {
        "steps first": lambda: torch.stack(given, 1), "batch first": lambda: torch.stack(given),
        "unbatched": lambda: given[0], "packed": lambda: pack_sequence(given, enforce_sorted=False),
    }  # fmt: skip
    x = made[layout]()
    taken: dict[str, Tensor] = {}

    def loss() -> Tensor:
        output, states = model[1](model[0](x)[0])
        taken["output"] = output.data if isinstance(output, PackedSequence) else output
        taken["last"] = states[0] if isinstance(states, tuple) else states
        return taken["output"].sum()

    def windows(sequence: Tensor) -> Tensor:
        parts = [sequence[max(0, t + 1 - history) : t + 1] for t in range(len(sequence))]
        parts = [part[None] if layout == "batch first" else part[:, None] for part in parts]
        return torch.cat([model[1](model[0](part)[0])[0].flatten(0, 1)[-1:] for part in parts])

    kept: list[dict[str, Tensor]] = []
    losses_by_history(model, lambda: (loss(), kept.append(dict(taken)))[0], longest=2 * history)
    halves = [windows(each) for each in given]
    expected = {
        "steps first": lambda: torch.stack(halves, 1), "batch first": lambda: torch.stack(halves),
        "unbatched": lambda: halves[0], "packed": lambda: pack_sequence(halves, enforce_sorted=False).data,
    }[layout]()  # fmt: skip
    # the last run is the whole history, the one before it the outputs of all shifts together
    torch.testing.assert_close(kept[-2]["output"], expected)
    last = torch.stack([each[-1] for each in halves])
    torch.testing.assert_close(kept[-2]["last"][-1], last[0] if layout == "unbatched" else last)


@pytest.mark.parametrize("history", [1, 2, 4, 8])
def test_in_both_directions_each_step_has_so_much_on_either_side(history: int) -> None:
    torch.manual_seed(0)
    layer, steps = Recurrent(Elman, 1, 8, bidirectional=True), 40
    with torch.no_grad():
        for way in ("", "_reverse"):
            weight(layer, f"W_x_l0{way}").zero_()[0, 0] = 1e-3
            weight(layer, f"W_h_l0{way}").copy_(torch.diag(torch.ones(7), 1))
            weight(layer, f"b_l0{way}").zero_()
    x = torch.randn(steps, 4, 1)
    reach = history - 1  # each unit hands on one step further

    def loss(batch: Tensor) -> Tensor:
        output = 1e3 * layer(batch)[0]
        ahead, behind = output[reach:, :, reach], output[: steps - reach, :, 8 + reach]
        return (ahead - batch[: steps - reach, :, 0]).square().mean() + (behind - batch[reach:, :, 0]).square().mean()

    losses = dict(losses_by_history(layer, lambda: loss(x), longest=steps))
    assert losses[history] < 1e-6
    assert all(losses[shorter] > 0.1 for shorter in losses if 2 * shorter <= history)


def vanishing(model: Any) -> Diagnosis:
    """Return the diagnosis of a model with a loss at each step, which makes most of every gradient."""
    torch.manual_seed(0)
    x = torch.randn(60, 4, 2)
    return diagnose(model, [x], loss=lambda batch: model(batch)[0].square().mean(), dependence=60)


def test_what_comes_back_falls_where_the_verdict_is_that_it_vanishes() -> None:
    found = vanishing(linear_layer(0.6))
    assert found.kinds == ("vanishing",)
    (whole,), (back,) = found.flow, found.flow_back
    torch.testing.assert_close(
        back.norms / back.norms[0], 0.6 ** torch.arange(60, dtype=torch.float64), rtol=1e-4, atol=0
    )
    assert whole.norms[1] > 0.1 * whole.norms[-1]  # the whole gradient does not fall: each step has its own part


def test_what_comes_back_grows_where_it_explodes() -> None:
    torch.manual_seed(0)
    layer = linear_layer(1.1)
    flow = last_step_flow(layer, lambda: layer(torch.randn(50, 3, 2))[0].sum())
    norms = flow.curve("h", along="distance")
    torch.testing.assert_close(norms / norms[0], 1.1 ** torch.arange(50, dtype=torch.float64), rtol=1e-4, atol=0)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_only_the_last_step_of_each_ragged_sequence_is_let_in(bidirectional: bool) -> None:
    """As autograd says of a loss of these steps alone."""
    torch.manual_seed(0)
    layer = GRU(2, 4, bidirectional=bidirectional, dtype=torch.float64).train()
    given = [torch.randn(length, 2, dtype=torch.float64) for length in (5, 8, 3)]
    x = pack_sequence(given, enforce_sorted=False)
    found = last_step_flow(layer, lambda: layer(x)[0].data.sin().sum())
    assert layer.training
    assert all(each.grad is None for each in layer.parameters())
    layer.eval()
    with gradient_flow(layer) as expected:
        ends = layer(x)[1][-2 if bidirectional else -1 :]  # the states after each direction's last step
        ends.sin().sum().backward()
    for one, other in zip(found.curves(along="distance"), expected.curves(along="distance"), strict=True):
        torch.testing.assert_close(one.norms, other.norms)


def test_a_padded_batch_counts_from_the_last_step_that_the_loss_reads() -> None:
    layer = linear_layer(0.5)
    flow = last_step_flow(layer, lambda: layer(torch.ones(10, 1, 2))[0][:7].sum())
    norms = flow.curve("h", along="distance")
    assert not norms[:3].any()
    torch.testing.assert_close(norms[3:] / norms[3], 0.5 ** torch.arange(7, dtype=torch.float64), rtol=1e-4, atol=0)
