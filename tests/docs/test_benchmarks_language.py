"""What the benchmark of language models times is one model twice."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest
import torch

from recurra.cells import LSTM
from recurra.nn import Recurrent
from recurra.tasks.language.network import LanguageNetwork


@pytest.fixture
def epochs(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(root))
    module = importlib.import_module("benchmarks.epochs_language")
    monkeypatch.setattr(module, "TOKENS", 50)
    return module


def gates(layer: Recurrent, letters: str) -> torch.Tensor:
    return torch.cat([getattr(layer, f"{letters}{gate}_l0").detach() for gate in "ifco"], -1).t()


def copy_weights(plain: torch.nn.Module, network: LanguageNetwork) -> None:
    state = plain.state_dict()
    for number, layer in enumerate(network.layers):
        assert isinstance(layer, Recurrent)
        state[f"recurrent.weight_ih_l{number}"] = gates(layer, "W_x")
        state[f"recurrent.weight_hh_l{number}"] = gates(layer, "W_h")
        state[f"recurrent.bias_ih_l{number}"] = gates(layer, "b_")
        state[f"recurrent.bias_hh_l{number}"] = torch.zeros(800)
    weight, bias = network.scores() or (None, None)
    state |= {"embedding.weight": network.embedding.embedding.weight, "scores.weight": weight, "scores.bias": bias}
    plain.load_state_dict(state)


def test_both_models_have_the_same_loss(epochs: ModuleType) -> None:
    torch.manual_seed(0)
    network, plain = LanguageNetwork(LSTM, options=epochs.OPTIONS, tokens=50), epochs.Plain()
    copy_weights(plain, network)
    inputs, targets = torch.randint(50, (2, 7, 3))
    scores, _ = plain(inputs, None)
    expected = torch.nn.functional.cross_entropy(scores.flatten(0, 1), targets.flatten())
    torch.testing.assert_close(network.loss(network.read(inputs), targets), expected)
