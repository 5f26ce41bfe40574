"""The cost of a training is announced before it, and compared after."""

from __future__ import annotations

import polars
import pytest
import torch

from recurra.tasks import ClassifyOptions, SequenceClassifier
from recurra.tasks.cost import Cost, announced, compared, cost_of
from recurra.tasks.model import Prepared, Sources

REVIEWS = polars.DataFrame({"text": ["a good film", "a bad film it was"] * 40, "label": ["yes", "no"] * 40})


def prepared(hidden_size: int = 8) -> Prepared[ClassifyOptions]:
    options = ClassifyOptions(text="text", label="label", hidden_size=hidden_size, embedding_size=8, epochs=2)
    return SequenceClassifier(options).prepare(Sources(training=REVIEWS))


def test_what_is_trained_stays_as_it_is() -> None:
    given = prepared()
    before = {name: value.clone() for name, value in given.learner.state_dict().items()}
    random = torch.get_rng_state()
    cost_of(given)
    assert all(torch.equal(value, before[name]) for name, value in given.learner.state_dict().items())
    assert torch.equal(torch.get_rng_state(), random)
    assert given.learner.carried is None


def test_an_epoch_is_its_steps_and_a_validation() -> None:
    given = prepared()
    cost = cost_of(given)
    assert cost.parameters == sum(each.numel() for each in given.learner.network.parameters())
    assert cost.epoch_seconds > len(given.training) * cost.step_seconds > 0


def test_larger_layers_take_more_memory() -> None:
    small, large = (cost_of(prepared(size)) for size in (8, 64))
    assert large.peak_memory > 2 * small.peak_memory
    assert small.peak_memory > 4 * 4 * small.parameters  # weights, gradients, two moments


def test_fit_announces_and_compares(capsys: pytest.CaptureFixture[str]) -> None:
    options = ClassifyOptions(text="text", label="label", hidden_size=8, embedding_size=8, epochs=2)
    plan = SequenceClassifier(options).fit(REVIEWS, progress=True).metrics_["plan"]
    first = capsys.readouterr().err.splitlines()[0]
    assert "parameters" in first
    assert "an epoch" in first
    assert plan["predicted"]["epoch_seconds"] > 0 < plan["measured"]["epoch_seconds"]


def test_the_same_weights_with_and_without_an_announcement() -> None:
    options = ClassifyOptions(text="text", label="label", hidden_size=8, embedding_size=8, epochs=2)
    one, other = (SequenceClassifier(options).fit(REVIEWS, progress=progress) for progress in (True, False))
    assert "plan" not in other.metrics_
    for mine, theirs in zip(one.network_.parameters(), other.network_.parameters(), strict=True):
        assert torch.equal(mine, theirs)


def test_a_loss_that_is_not_finite_is_left_to_the_training() -> None:
    given = prepared()
    with torch.no_grad():
        for parameter in given.learner.network.parameters():
            parameter.fill_(float("nan"))
    assert announced(given) is None


def test_nothing_announced_is_nothing_compared() -> None:
    training = SequenceClassifier(
        ClassifyOptions(text="text", label="label", hidden_size=4, embedding_size=4, epochs=1)
    ).fit(REVIEWS)
    assert training.training_ is not None
    assert compared(None, training.training_, batches=3) == {}


def test_a_sentence_says_the_whole() -> None:
    cost = Cost(parameters=1234, step_seconds=0.012, epoch_seconds=1.5, peak_memory=3_000_000)
    said = cost.sentence(epochs=20)
    assert said == (
        "1,234 parameters, 3 MB; about 12 ms a step, 1.5 s an epoch, 30 s for 20 epochs unless it stops earlier"
    )


def test_a_sentence_says_how_far_a_limit_of_time_leads() -> None:
    cost = Cost(parameters=1234, step_seconds=0.012, epoch_seconds=1.5, peak_memory=3_000_000)
    assert cost.sentence(epochs=20, minutes=0.25).endswith("15 s (minutes = 0.25) for about 10 of 20 epochs")
    assert cost.sentence(epochs=20, minutes=10) == cost.sentence(epochs=20)
    assert [cost.fit_seconds(epochs=20, minutes=limit) for limit in (None, 0.25, 10)] == [30.0, 15.0, 30.0]
