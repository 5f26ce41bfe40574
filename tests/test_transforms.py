"""Transforms: what they compute, that they compose, and that every backend runs them alike."""

from __future__ import annotations

import warnings

import pytest
import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pack_sequence, pad_packed_sequence

from cell_kinds import own_sizes
from recurra import Cell, cell, flatten, matvec, outer, split, tanh, vecmat
from recurra.cells import ATR, GRU, LEM, LSTM, Elman, FullPeepholeLSTM, IndRNN, MinGRU, OriginalGRU, all_cells
from recurra.derive.plan import EVALUATION
from recurra.errors import CellError, InputError
from recurra.nn import Recurrent
from recurra.testing import check_cell
from recurra.transforms import batch_norm, layer_norm, recurrent_dropout, residual, weight_drop, zoneout


@cell
def Twice(p, x, h):
    """Two products with one matrix."""
    return tanh(x @ p.W + tanh(h @ p.U) @ p.U)


MADE = [
    layer_norm(Twice), batch_norm(Twice), layer_norm(layer_norm(Elman)),
    layer_norm(LSTM), layer_norm(GRU, over="each"), layer_norm(FullPeepholeLSTM, states=["c"]),
    zoneout(LSTM, {"c": 0.5, "h": 0.05}), zoneout(GRU, 0.25),
    recurrent_dropout(OriginalGRU, 0.4, per="step"), recurrent_dropout(LSTM, 0.25, on="g"),
    weight_drop(GRU, 0.2, on="W_hn"), residual(GRU, projection=True),
    residual(weight_drop(layer_norm(GRU), 0.3)), layer_norm(residual(Elman, projection=True)),
    batch_norm(GRU), zoneout(batch_norm(Elman), 0.1),
]  # fmt: skip
FURTHER = [
    layer_norm(OriginalGRU), layer_norm(IndRNN), layer_norm(LEM), zoneout(Elman, 0.1), recurrent_dropout(LSTM, 0.25),
    recurrent_dropout(GRU, 0.1, on="h"), weight_drop(LSTM, 0.5), weight_drop(Elman, 0.3), residual(LSTM),
    zoneout(layer_norm(recurrent_dropout(LSTM, 0.2)), 0.1), batch_norm(LSTM), batch_norm(OriginalGRU),
    batch_norm(IndRNN),
]  # fmt: skip


@pytest.mark.parametrize(
    "cell", [*MADE, *(pytest.param(cell, marks=pytest.mark.slow) for cell in FURTHER)], ids=lambda cell: cell.name
)
def test_what_they_make_is_a_cell_like_any_other(cell: Cell) -> None:
    check_cell(cell)
    assert Cell.from_json(cell.to_json()).equations() == cell.equations()


@pytest.mark.parametrize("cell", MADE, ids=lambda cell: cell.name)
def test_layers_of_them_train_alike_on_every_backend(cell: Cell) -> None:
    """With the same seed of torch's generator: the noise, the outputs and the gradients."""
    found = []
    for backend in ("torch", "llvm", "numpy"):
        torch.manual_seed(0)
        layer = Recurrent(cell, 6, 6, dtype=torch.float64, backend=backend)
        x = torch.randn(5, 4, 6, dtype=torch.float64, requires_grad=True)
        output, _ = layer(x)
        gradients = torch.autograd.grad(output.square().sum(), [x, *layer.parameters()])
        found.append((output.detach(), *gradients))
    for other in found[1:]:
        for a, b in zip(found[0], other, strict=True):
            torch.testing.assert_close(a, b)


@pytest.mark.parametrize("transform", [layer_norm, batch_norm])
def test_each_product_has_a_gain_of_its_own(transform) -> None:
    """Also where several are with one matrix; no two parameters of any cell have one name."""
    assert [each.name for each in transform(Twice).parameters] == ["W", "U", "gain_W", "gain_U", "gain_U_2"]
    for made in (transform(each) for each in all_cells.values()):
        names = [each.name for each in made.parameters]
        assert len(names) == len(set(names))
        statistics = [each.name for each in made.statistics]
        assert len(statistics) == len(set(statistics))


@pytest.mark.parametrize("cell", MADE, ids=lambda cell: cell.name)
def test_they_stream(cell: Cell) -> None:
    layer, x = Recurrent(cell, 6, 6), torch.randn(5, 2, 6)
    layer(torch.randn(4, 9, 6))  # of five steps, four have statistics
    layer.eval()
    stream = layer.stream(batch=2)
    torch.testing.assert_close(torch.stack([stream.step(row).clone() for row in x]), layer(x)[0])


def test_layer_norm_of_an_lstm_is_the_papers() -> None:
    """Equations 20 to 22, with torch's layer norm."""
    cell = layer_norm(LSTM)
    layer = Recurrent(cell, 3, 4, dtype=torch.float64)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-1, 1)
    p = {name.removesuffix("_l0"): value for name, value in layer.named_parameters()}
    gates, x = ("i", "f", "o", "c"), torch.randn(6, 2, 3, dtype=torch.float64)

    def joined(prefix: str) -> torch.Tensor:
        return torch.cat([p[f"{prefix}{gate}"] for gate in gates], -1)

    h = c = torch.zeros(2, 4, dtype=torch.float64)
    outputs = []
    for row in x:
        of_x = functional.layer_norm(row @ joined("W_x"), (16,), joined("gain_W_x"))
        of_h = functional.layer_norm(h @ joined("W_h"), (16,), joined("gain_W_h"))
        i, f, o, g = (of_x + of_h + joined("b_")).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * functional.layer_norm(c, (4,), p["gain_c"], p["bias_c"]).tanh()
        outputs.append(h)
    torch.testing.assert_close(layer(x)[0], torch.stack(outputs))


def test_layer_norm_each_by_itself() -> None:
    layer, x = Recurrent(layer_norm(Elman, over="each"), 3, 4, dtype=torch.float64), torch.randn(2, 3).double()
    p = {name.removesuffix("_l0"): value for name, value in layer.named_parameters()}
    of_x = functional.layer_norm(x @ p["W_x"], (4,), p["gain_W_x"])
    torch.testing.assert_close(layer(x[:1])[0], torch.tanh(of_x[:1] + p["b"]))
    assert "bias_h" not in p  # nothing reads the new h


def test_zoneout_keeps_units_as_often_as_said_and_exactly() -> None:
    cell = zoneout(Elman, 0.3)
    layer = Recurrent(cell, 2, 500)
    _, _, every = layer(torch.randn(50, 4, 2), return_states=True)
    h = every["h"][0]
    kept = (h[1:] == h[:-1]).float().mean()
    assert abs(kept - 0.3) < 0.01


def test_zoneout_in_evaluation_is_the_mean_of_both() -> None:
    torch.manual_seed(0)
    layer, x = Recurrent(zoneout(Elman, 0.3), 2, 3).eval(), torch.randn(1, 1, 2)
    plain = Recurrent(Elman, 2, 3)
    plain.load_state_dict(layer.state_dict())
    h = torch.rand(1, 1, 3)
    torch.testing.assert_close(layer(x, h)[0], 0.3 * h + 0.7 * plain(x, h)[0])


@pytest.mark.parametrize("rate", [0.25, 0.4])
@pytest.mark.parametrize("make", [
    lambda rate: recurrent_dropout(LSTM, rate), lambda rate: recurrent_dropout(LSTM, rate, on="g"),
    lambda rate: weight_drop(LSTM, rate),
], ids=["state", "candidate", "weights"])  # fmt: skip
def test_dropout_in_evaluation_is_the_cell_itself(make, rate: float) -> None:
    """Not only its values: its plans, so that it costs nothing."""
    made = make(rate).plans(EVALUATION).forward
    assert made.step.roots == LSTM.plans(EVALUATION).forward.step.roots
    assert not made.prelude.leaves


def showing(cell: Cell, size: int) -> Recurrent:
    """Return a layer of an Elman cell whose h[t] = tanh(h[t-1]): it shows which units of h[t-1] went in."""
    layer = Recurrent(cell, 1, size)
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            parameter.copy_(torch.eye(size) if name == "W_h_l0" else torch.zeros_like(parameter))
    return layer


def test_one_mask_for_a_sequence_and_as_many_zeros_as_said() -> None:
    layer = showing(recurrent_dropout(Elman, 0.25), 400)
    output, _ = layer(torch.zeros(3, 2, 1), torch.full((1, 2, 400), 0.1))
    dropped = output == 0
    assert abs(dropped[0].float().mean() - 0.25) < 0.06
    assert (dropped[0] == dropped[1]).all()  # the same units at every step
    assert (dropped[0, 0] != dropped[0, 1]).any()  # others in each sequence
    torch.testing.assert_close(output[0][~dropped[0]], torch.full_like(output[0][~dropped[0]], 0.1 / 0.75).tanh())


@cell(sizes={"h": ("heads", "hidden_size/heads"), "R": ("heads", "hidden_size/heads", "hidden_size/heads")})
def HeadsElman(p, x, h):
    h = tanh(split(x @ p.W_x, "heads") + vecmat(h, p.R))
    return (h,), flatten(h)


@cell(sizes={"R": ("heads", "hidden_size/heads", "hidden_size/heads")})
def SplitElman(p, x, h):
    return tanh(x @ p.W_x + flatten(matvec(p.R, split(h, "heads"))))


@pytest.mark.parametrize("elman", [HeadsElman, SplitElman], ids=lambda cell: cell.name)
def test_a_state_that_goes_into_a_product_of_heads_loses_units(elman: Cell) -> None:
    """As one that goes into a matrix: with matrices of one, each unit of h[t] shows whether that of h[t-1] went in."""
    layer = Recurrent(recurrent_dropout(elman, 0.25), 1, 400, sizes={"heads": 4})
    with torch.no_grad():
        layer.W_x_l0.zero_()
        layer.R_l0.copy_(torch.eye(100).expand(4, 100, 100))
    output, _ = layer(torch.zeros(3, 2, 1), torch.full((1, 2, 400), 0.1))
    dropped = output == 0
    assert abs(dropped[0].float().mean() - 0.25) < 0.06
    assert (dropped[0] == dropped[1]).all()
    torch.testing.assert_close(output[0][~dropped[0]], torch.full_like(output[0][~dropped[0]], 0.1 / 0.75).tanh())
    made = recurrent_dropout(elman, 0.25).plans(EVALUATION).forward
    assert made.step.roots == elman.plans(EVALUATION).forward.step.roots


def test_weights_are_dropped_once_for_a_batch() -> None:
    layer = showing(weight_drop(Elman, 0.25), 100)
    output, _ = layer(torch.zeros(2, 3, 1), torch.full((1, 3, 100), 0.1))
    dropped = output == 0
    assert abs(dropped[0, 0].float().mean() - 0.25) < 0.15
    assert (dropped == dropped[0, 0]).all()
    other, _ = layer(torch.zeros(2, 3, 1), torch.full((1, 3, 100), 0.1))
    assert ((other == 0) != dropped).any()


@pytest.mark.parametrize("elman", [HeadsElman, SplitElman], ids=lambda cell: cell.name)
def test_weights_of_heads_are_dropped_once_for_a_batch(elman: Cell) -> None:
    for on in (None, "R"):
        layer = Recurrent(weight_drop(elman, 0.25, on=on), 1, 100, sizes={"heads": 4})
        with torch.no_grad():
            layer.W_x_l0.zero_()
            layer.R_l0.copy_(torch.eye(25).expand(4, 25, 25))
        output, _ = layer(torch.zeros(2, 3, 1), torch.full((1, 3, 100), 0.1))
        dropped = output == 0
        assert abs(dropped[0, 0].float().mean() - 0.25) < 0.15
        assert (dropped == dropped[0, 0]).all()
        torch.testing.assert_close(output[0][~dropped[0]], torch.full_like(output[0][~dropped[0]], 0.1 / 0.75).tanh())
        assert torch.equal(
            layer.eval()(torch.zeros(1, 1, 1), torch.full((1, 1, 100), 0.1))[0] == 0, torch.zeros(1, 1, 100) > 0
        )


@cell(sizes={"S": ("hidden_size", "memory")})
def Associative(p, x, S):
    S = S + outer(x @ p.W_k, x @ p.W_v)
    return (S,), vecmat(x @ p.W_q, S)


@pytest.mark.parametrize("backend", ["llvm", "numpy", "torch"])
def test_batch_norm_of_a_matrix_that_is_read(backend: str) -> None:
    """The equations once more, in torch: each number of the matrix has statistics of its own."""
    torch.manual_seed(0)
    layer = Recurrent(
        batch_norm(Associative, gain=0.3), 3, 4, sizes={"memory": 5}, dtype=torch.float64, backend=backend
    )
    x = torch.randn(3, 6, 3, dtype=torch.float64)

    def normalised(value: Tensor) -> Tensor:
        return 0.3 * (value - value.mean(0)) / (value.var(0, correction=0) + 1e-5).sqrt()

    S, expected = torch.zeros(6, 4, 5, dtype=torch.float64), []
    for now in x:
        q, k, v = (normalised(now @ getattr(layer, f"W_{name}_l0")) for name in "qkv")
        S = S + torch.einsum("bi,bj->bij", k, v)
        expected.append(torch.einsum("bi,bij->bj", q, normalised(S)))
    output, state = layer(x)
    torch.testing.assert_close(output, torch.stack(expected))
    torch.testing.assert_close(state, S.flatten(1)[None])


def test_residual_adds_the_input() -> None:
    layer, x = Recurrent(residual(GRU), 4, 4), torch.randn(5, 2, 4)
    plain = Recurrent(GRU, 4, 4)
    plain.load_state_dict(layer.state_dict())
    torch.testing.assert_close(layer(x)[0], plain(x)[0] + x)
    torch.testing.assert_close(layer(x)[1], plain(x)[1])
    wide = Recurrent(residual(GRU, projection=True), 3, 4)
    assert wide.W_res_l0.shape == (3, 4)  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(InputError, match="4"):
        Recurrent(residual(GRU), 3, 4)


@pytest.mark.parametrize("cell", all_cells.values(), ids=lambda cell: cell.name)
def test_every_cell_can_be_normalised_zoned_out_and_trained(cell: Cell) -> None:
    torch.manual_seed(0)  # where a divisor is normalised too, as sLSTM's n, a few draws in a hundred are not finite
    made = zoneout(layer_norm(cell), 0.1)
    layer = Recurrent(made, 4, 4, sizes=own_sizes(made, 4), backend="torch")  # others are compared with it above
    further = {leaf.name: torch.rand(5, 2, 4 if isinstance(leaf.shape[0], str) else leaf.shape[0])
               for leaf in made.further_inputs}  # fmt: skip
    output, _ = layer(torch.randn(5, 2, 4), inputs=further)
    output.sum().backward()
    assert output.isfinite().all()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in layer.parameters())


def normalised(rows: torch.Tensor) -> torch.Tensor:
    return functional.batch_norm(rows, None, None, training=True)


def test_batch_norm_of_an_lstm_is_the_papers() -> None:
    """Cooijmans et al. (2017), equations 5 to 7, on a ragged batch: only what runs is in the statistics."""
    torch.manual_seed(0)
    layer = Recurrent(batch_norm(LSTM), 3, 4, dtype=torch.float64)
    p = {name.removesuffix("_l0"): value for name, value in layer.named_parameters()}
    packed = pack_sequence([torch.randn(n, 3).double() for n in (5, 5, 4, 2)])

    def joined(name: str) -> torch.Tensor:
        return torch.cat([p[f"{name}{gate}"] for gate in "ifoc"], -1)

    h = c = torch.zeros(4, 4).double()
    found = []
    for row in packed.data.split(packed.batch_sizes.tolist()):
        h, c = h[: len(row)], c[: len(row)]
        of_x = normalised(row @ joined("W_x")) * joined("gain_W_x")
        of_h = normalised(h @ joined("W_h")) * joined("gain_W_h")
        i, f, o, g = (of_x + of_h + joined("b_")).chunk(4, -1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * (normalised(c) * p["gain_c"] + p["bias_c"]).tanh()
        found.append(h)
    torch.testing.assert_close(layer(packed)[0].data, torch.cat(found))


@pytest.mark.parametrize("backend", ["torch", "llvm", "numpy"])
@pytest.mark.parametrize("threads", [1, 2])
def test_batch_norm_of_a_ragged_batch_on_every_backend(backend: str, threads: int) -> None:
    """Both directions, two layers: outputs, gradients, running statistics, and outputs in evaluation."""
    found = []
    before = torch.get_num_threads()
    for each in ("torch", backend):
        torch.manual_seed(0)
        layer = Recurrent(batch_norm(LSTM, steps=5), 3, 19, num_layers=2, bidirectional=True, backend=each).double()
        sequences = [torch.randn(n, 3).double().requires_grad_() for n in (9, 6, 5, 5, 2)]
        torch.set_num_threads(threads)
        output = layer(pack_sequence(sequences))[0].data
        gradients = torch.autograd.grad(output.square().sum(), [*sequences, *layer.parameters()])
        layer.eval()
        found.append([output, *gradients, *layer.buffers(), layer(pack_sequence(sequences))[0].data])
        torch.set_num_threads(before)
    for a, b in zip(*found, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-8, atol=1e-10)


def test_running_statistics_come_to_those_of_the_data() -> None:
    """In evaluation a layer gives what training gives for a batch with the statistics that it has seen."""
    torch.manual_seed(0)
    layer, x = Recurrent(batch_norm(GRU, momentum=0.5, steps=7), 3, 5), torch.randn(6, 200, 3)
    with torch.no_grad():
        for _ in range(30):
            expected, _ = layer(x)
        layer.eval()
        torch.testing.assert_close(layer(x)[0], expected, rtol=1e-4, atol=1e-5)
        alone = torch.cat([layer(one)[0] for one in x.split(1, 1)], 1)
        torch.testing.assert_close(alone, expected, rtol=1e-4, atol=1e-5)


def test_in_evaluation_a_sequence_gives_the_same_alone_and_beside_longer_ones() -> None:
    """In both directions: the statistics of its steps count from where it is begun itself."""
    torch.manual_seed(0)
    layer = Recurrent(batch_norm(GRU, steps=4), 3, 5, bidirectional=True)
    layer(torch.randn(9, 16, 3))
    layer.eval()
    x = torch.randn(9, 3, 3)
    output, _ = pad_packed_sequence(layer(pack_padded_sequence(x, [9, 6, 2]))[0])
    for number, length in enumerate((9, 6, 2)):
        torch.testing.assert_close(output[:length, number], layer(x[:length, number])[0])


def test_later_steps_share_the_last_statistics() -> None:
    layer = Recurrent(batch_norm(Elman, steps=3), 2, 4)
    layer(torch.randn(2, 8, 2))
    assert int(layer.steps_seen_l0) == 2  # pyright: ignore[reportArgumentType]
    layer(torch.randn(9, 8, 2))
    assert int(layer.steps_seen_l0) == 3  # pyright: ignore[reportArgumentType]
    assert layer.state_dict()["mean_W_x_l0"].shape == (3, 4)
    layer.eval()
    x = torch.randn(1, 1, 2).expand(6, 1, 2)
    h, _ = layer(x)
    on, _ = layer(x[:1], h[4:5])  # begins anew: the statistics of the first step
    assert not torch.allclose(on, h[5:6])


@pytest.mark.parametrize("lengths", [(4,), (4, 2)])
def test_a_sequence_alone_leaves_the_running_statistics(lengths: tuple[int, ...]) -> None:
    layer = Recurrent(batch_norm(Elman), 2, 4)
    layer(pack_sequence([torch.randn(n, 2) for n in lengths]))
    assert int(layer.steps_seen_l0) == (0 if len(lengths) == 1 else 2)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: zoneout(LSTM, 1.0), "below 1"),
        (lambda: zoneout(LSTM, {"k": 0.1}), r"no \['k'\]"),
        (lambda: zoneout(LSTM, True), "rate: got True, expected a number"),
        (lambda: recurrent_dropout(LSTM, -0.1), "from 0"),
        (lambda: recurrent_dropout(LSTM, 0.1, on="q"), r"no \['q'\]"),
        (lambda: recurrent_dropout(LSTM, 0.1, per="week"), "per='week'"),
        (lambda: recurrent_dropout(MinGRU, 0.1), "no product of MinGRU reads a state"),
        (lambda: recurrent_dropout(LSTM, 0.1, on="c"), "reads c"),
        (lambda: weight_drop(LSTM, 0.5, on="W"), r"no \['W'\]"),
        (lambda: weight_drop(MinGRU, 0.5), "no matrix on a state"),
        (lambda: layer_norm(LSTM, over="gates"), "over='gates'"),
        (lambda: layer_norm(LSTM, eps=0.0), "eps=0.0"),
        (lambda: layer_norm(LSTM, states=["h"]), r"no \['h'\]"),
        (lambda: batch_norm(LSTM, eps=0), "eps=0"),
        (lambda: batch_norm(LSTM, steps=0), "steps=0"),
        (lambda: batch_norm(LSTM, momentum=1.5), "momentum=1.5"),
        (lambda: batch_norm(LSTM, states=["h"]), r"no \['h'\]"),
        (lambda: residual(residual(LSTM, projection=True), projection=True), "W_res already"),
    ],
)  # fmt: skip
def test_transforms_say_what_a_cell_lacks(make, message: str) -> None:
    with pytest.raises(CellError, match=message):
        make()


def test_their_noise_follows_torchs_generator() -> None:
    layer, x = Recurrent(zoneout(ATR, 0.5), 3, 4), torch.randn(5, 2, 3)
    torch.manual_seed(1)
    first = layer(x)[0]
    second = layer(x)[0]
    torch.manual_seed(1)
    assert torch.equal(layer(x)[0], first)
    assert not torch.equal(first, second)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert torch.equal(layer.eval()(x)[0], layer(x)[0])
