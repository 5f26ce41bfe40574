"""A network takes over an earlier one's weights, or says why it cannot."""

from __future__ import annotations

import pytest
import torch
from learners import line, run

from recurra.errors import InputError
from recurra.training.learner import start_from


def network(hidden: int = 4, labels: int = 2) -> torch.nn.Module:
    return torch.nn.ModuleDict({"body": torch.nn.Linear(3, hidden), "head": torch.nn.Linear(hidden, labels)})


def test_training_goes_on_from_there() -> None:
    earlier = line()
    first = run(earlier, epochs=5)
    later = line(seed=1)
    start_from(later, earlier.state_dict(), source="model")
    assert run(later, epochs=1).validation["loss"] < first.validation["loss"]


def test_some_weights_may_stay() -> None:
    earlier, later = network(labels=2), network(labels=5)
    head = later["head"].weight.clone()  # pyright: ignore[reportIndexIssue]
    start_from(later, earlier.state_dict(), source="model", own=["head."])
    assert torch.equal(later.state_dict()["body.weight"], earlier.state_dict()["body.weight"])
    assert torch.equal(later.state_dict()["head.weight"], head)


@pytest.mark.parametrize(
    ("earlier", "message"),
    [
        (network(hidden=5), r"model does not fit: its weight body.bias is \(5,\), the new network's is \(4,\)"),
        (torch.nn.Linear(3, 1), "its weight bias is .*, the new network's is missing"),
        (torch.nn.Identity(), "its weight body.bias is missing, the new"),
    ],
)
def test_another_network_is_refused_and_nothing_changed(earlier: torch.nn.Module, message: str) -> None:
    later = network()
    before = later.state_dict()["head.weight"].clone()
    with pytest.raises(InputError, match=message):
        start_from(later, earlier.state_dict(), source="model")
    assert torch.equal(later.state_dict()["head.weight"], before)
