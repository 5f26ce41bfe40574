"""The training loop: best weights, limits, seeds, a loss that is not finite, Ctrl-C, silence."""

from __future__ import annotations

import copy
import os
import signal
from pathlib import Path

import pytest
import torch
from learners import examples, options, run
from torch import Tensor

from fresh_python import output_of
from recurra.errors import InputError, TrainingError
from recurra.training.batches import TensorBatches
from recurra.training.learner import Learner, Monitor, Sum
from recurra.training.loop import train
from recurra.training.optimiser import make_optimiser


class Line(torch.nn.Linear):
    """A linear map that does something at a given call in training."""

    def __init__(self, *, call: int = -1, action: str = "") -> None:
        torch.manual_seed(0)
        super().__init__(3, 1)
        self._call, self._action, self._calls = call, action, 0

    def forward(self, input: Tensor) -> Tensor:
        output = super().forward(input)
        if not self.training:
            return output
        self._calls += 1
        if self._calls < self._call or self._call < 0:
            return output
        if self._action == "interrupt" and self._calls == self._call:
            os.kill(os.getpid(), signal.SIGINT)
        return output * float("nan") if self._action == "nan" else output


def loss_of(network: torch.nn.Module) -> float:
    given, expected = examples(12)
    with torch.no_grad():
        return float(torch.nn.functional.mse_loss(network(given), expected))


def test_it_learns_and_keeps_the_best_weights() -> None:
    network = Line()
    before = loss_of(network)
    training = run(network, epochs=60)
    assert training.validation["loss"] < before / 100
    assert loss_of(network) == pytest.approx(training.validation["loss"], rel=1e-5)
    assert not network.training


def test_it_stops_without_progress_and_goes_back_to_the_best() -> None:
    network = Line()
    training = run(network, epochs=500, patience=3, learning_rate=1.0, weight_decay=0.0)
    assert training.ended_by == "patience"
    assert training.epochs == training.best_epoch + 3
    assert loss_of(network) == pytest.approx(training.validation["loss"], rel=1e-5)


def test_as_many_epochs_as_asked_for() -> None:
    training = run(Line(), epochs=4)
    assert (training.ended_by, training.epochs) == ("epochs", 4)


def test_the_same_seed_gives_the_same_bits_and_another_seed_others() -> None:
    def weights(seed: int) -> Tensor:
        network = Line()
        run(network, epochs=2, seed=seed)
        return network.weight.detach()

    assert torch.equal(weights(1), weights(1))
    assert not torch.equal(weights(1), weights(2))


def test_the_callers_random_numbers_are_left_alone() -> None:
    torch.manual_seed(11)
    expected = torch.rand(3)
    torch.manual_seed(11)
    network = Line()
    torch.manual_seed(11)
    run(network, epochs=1)
    assert torch.equal(torch.rand(3), expected)


def test_nan_before_any_epoch_raises_and_says_where() -> None:
    with pytest.raises(TrainingError, match="the loss is nan at epoch 1, step 2"):
        run(Line(call=2, action="nan"), epochs=3)


def test_nan_later_keeps_the_best_weights() -> None:
    network = Line(call=10, action="nan")
    training = run(network, epochs=9)
    assert training.ended_by == "loss"
    assert "the loss is nan at epoch 3, step 2" in training.problem
    assert training.best_epoch == 2
    assert loss_of(network) == pytest.approx(training.validation["loss"], rel=1e-5)


def test_infinity_counts_as_not_finite() -> None:
    class Huge(Line):
        def forward(self, input: Tensor) -> Tensor:
            return super().forward(input) * (1e30 if self.training else 1.0)

    with pytest.raises(TrainingError, match="the loss is inf at epoch 1, step 1"):
        run(Huge(), epochs=1)


def test_a_validation_loss_that_is_not_finite_is_found() -> None:
    class Broken(Line):
        def forward(self, input: Tensor) -> Tensor:
            return super().forward(input) * (1.0 if self.training else float("nan"))

    with pytest.raises(TrainingError, match="the validation loss is nan at epoch 1"):
        run(Broken(), epochs=1)


@pytest.mark.parametrize("call", [2, 10])
def test_ctrl_c_ends_after_the_batch_and_keeps_the_best_weights(call: int) -> None:
    handler = signal.getsignal(signal.SIGINT)
    network = Line(call=call, action="interrupt")
    training = run(network, epochs=100)
    assert training.ended_by == "interrupt"
    assert training.epochs <= 3
    assert loss_of(network) == pytest.approx(training.validation["loss"], rel=1e-5)
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_second_ctrl_c_ends_at_once() -> None:
    class Stubborn(Line):
        def forward(self, input: Tensor) -> Tensor:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            return super().forward(input)

    with pytest.raises(KeyboardInterrupt):
        run(Stubborn(), epochs=100)


def test_the_gradient_is_clipped_by_default() -> None:
    class Steep(Line):
        def forward(self, input: Tensor) -> Tensor:
            return super().forward(input) * 1e6

    network = Steep()
    seen: list[float] = []
    optimiser_step = torch.optim.AdamW.step

    def step(self: torch.optim.AdamW, closure: object = None) -> object:
        result = optimiser_step(self, closure)  # pyright: ignore[reportArgumentType]
        seen.append(float(sum(p.grad.norm() ** 2 for p in network.parameters() if p.grad is not None) ** 0.5))
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.optim.AdamW, "step", step)
        run(network, epochs=1)
    assert seen
    assert max(seen) <= 1.0 + 1e-3


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    run(Line(), epochs=2)
    captured = capfd.readouterr()
    assert captured.out == captured.err == ""


@pytest.mark.parametrize(
    ("optimiser", "given"),
    [
        ("adam", {}),
        ("adamw", {}),
        ("rmsprop", {"momentum": 0.5, "learning_rate": 0.01}),
        ("sgd", {"momentum": 0.9}),
        ("asgd", {"learning_rate": 0.2}),
    ],
)
def test_every_optimiser_learns(optimiser: str, given: dict[str, object]) -> None:
    before = loss_of(Line())
    training = run(Line(), optimiser=optimiser, weight_decay=0.0, epochs=40, **given)
    assert training.validation["loss"] < before / 10


def test_as_many_steps_as_asked_for_and_a_last_validation() -> None:
    training = run(Line(), epochs=50, max_steps=6)
    assert (training.ended_by, training.steps, training.epochs) == ("steps", 6, 2)
    assert [row["step"] for row in training.history.validations] == [4, 6]


def test_as_many_minutes_as_asked_for() -> None:
    training = run(Line(), epochs=10**6, patience=10**6, minutes=0.2 / 60)
    assert training.ended_by == "minutes"
    assert 0.2 <= training.seconds < 2
    assert training.history.validations[-1]["step"] == training.steps


def test_progress_below_min_delta_is_none() -> None:
    training = run(Line(), epochs=50, patience=2, min_delta=1e6)
    assert (training.ended_by, training.epochs) == ("patience", 3)
    assert training.best_epoch == 3  # the best weights are the best all the same


class Growing(Learner):
    """Measures what grows, over batches of different sizes."""

    monitor = Monitor("score", larger_is_better=True)

    def loss(self, batch: tuple[Tensor, Tensor], /) -> Tensor:
        return (self.network(batch[0]) - batch[1]).square().mean()

    def measure(self, batch: tuple[Tensor, Tensor], /) -> dict[str, Sum]:
        errors = (self.network(batch[0]) - batch[1]).square()
        return {"score": Sum(-errors.sum(), errors.numel()), "rows": Sum(len(errors), 1.0)}


def test_a_measure_may_be_one_that_grows_and_its_mean_is_exact_over_ragged_batches() -> None:
    network, given = Line(), examples(12)
    batches = TensorBatches(given, batch_size=5)  # of 5, 5 and 2
    training = train(Growing(network), training=batches, validation=batches, options=options(epochs=5))
    scores = [row["score"] for row in training.history.validations]
    assert training.validation["score"] == max(scores) > scores[0]
    assert training.validation["score"] == pytest.approx(-loss_of(network), rel=1e-5)
    assert training.validation["rows"] == 4.0


class NoneRight(Growing):
    """Measures a share that stays 0, as that of exact translations at first, and its loss."""

    def measure(self, batch: tuple[Tensor, Tensor], /) -> dict[str, Sum]:
        return {"score": Sum(0.0, len(batch[0])), "loss": Sum(self.loss(batch) * len(batch[0]), len(batch[0]))}


def test_of_validations_alike_in_what_is_monitored_the_one_with_the_lowest_loss_is_the_best() -> None:
    network, given = Line(), examples(12)
    batches = TensorBatches(given, batch_size=5)
    training = train(NoneRight(network), training=batches, validation=batches, options=options(epochs=9, patience=4))
    losses = [row["loss"] for row in training.history.validations]
    assert training.best_epoch == 1 + losses.index(min(losses)) > 1
    assert training.validation["loss"] == pytest.approx(loss_of(network), rel=1e-5)
    assert training.ended_by == "patience"  # what is monitored makes no progress


def test_the_value_of_a_gradient_is_clipped_too() -> None:
    training = run(Line(), epochs=1, clip=0.0, clip_value=1e-3)
    assert all(row["gradient_norm"] <= 2e-3 + 1e-9 for row in training.history.steps)


def test_a_batch_may_scale_the_rate() -> None:
    class Scaled(Growing):
        def rate_scale(self, batch: tuple[Tensor, Tensor], /) -> float:
            return len(batch[0]) / 5

    batches = TensorBatches(examples(12), batch_size=5)
    training = train(Scaled(Line()), training=batches, validation=batches, options=options(epochs=1))
    assert [row["learning_rate"] for row in training.history.steps] == pytest.approx([0.05, 0.05, 0.02])


def test_batches_may_be_lists() -> None:
    batches = [examples(5), examples(7)]
    training = train(Growing(Line()), training=batches, validation=batches, options=options(epochs=2))
    assert (training.steps, len(training.history.validations)) == (4, 2)


def test_no_batches() -> None:
    learner = Growing(Line())
    with pytest.raises(InputError, match="validation: got no batches"):
        train(learner, training=[examples()], validation=[], options=options())


def test_a_network_in_evaluation_mode_is_trained_in_training_mode() -> None:
    network = Line(call=1, action="nan").eval()
    with pytest.raises(TrainingError):
        run(network)


@pytest.mark.parametrize(("size", "expected"), [(3, 1), (1000, 2)])
def test_small_networks_train_on_one_thread_and_the_number_comes_back(size: int, expected: int) -> None:
    from recurra.training.loop import few_threads

    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with few_threads(torch.nn.Linear(size, size), batch_size=10):
            assert torch.get_num_threads() == expected
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_a_training_does_without_torchs_compiler() -> None:
    """torch's optimisers import it at their first step, which takes as long as half of torch.

    Its functions that draw numbers on the meta device do too.
    """
    script = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from learners import line, run\n"
        "from torch import nn\n"
        "from recurra.nn import LSTM\n"
        "from recurra.training.meta import without_memory\n"
        "parts = lambda: nn.Sequential(nn.Embedding(3, 4), LSTM(4, 5), nn.Linear(5, 6), nn.Conv1d(6, 7, 1))\n"
        "made = without_memory(parts)\n"
        "assert {each.device.type for each in made.parameters()} == {'meta'}\n"
        "for optimiser in ('adamw', 'rmsprop', 'sgd'):\n"
        "    assert run(line(), epochs=1, optimiser=optimiser).steps == 4\n"
        "heavy = {'torch._dynamo', 'sympy', 'rich', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    output_of(script)


def test_a_step_is_that_of_torchs_optimiser() -> None:
    """With the wrappers off its methods, an optimiser does the same, and its state goes into torch's own and back."""
    given, expected = examples()
    networks, chosen = [Line(), Line()], options(weight_decay=0.1)
    ours = make_optimiser(networks[0].parameters(), options=chosen, rate=0.05)
    theirs = torch.optim.AdamW(networks[1].parameters(), lr=0.05, weight_decay=0.1, fused=True)
    for step in range(6):
        for network, optimiser in zip(networks, (ours, theirs), strict=True):
            optimiser.zero_grad()
            torch.nn.functional.mse_loss(network(given), expected).backward()
            optimiser.step()
        assert torch.equal(networks[0].weight, networks[1].weight)
        if step == 3:
            ours.load_state_dict(copy.deepcopy(theirs.state_dict()))
    assert isinstance(ours, torch.optim.AdamW)
