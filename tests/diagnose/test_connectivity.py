"""Connectivity against autograd by hand, for tensors, packed sequences, deeper layers, and the models of tasks."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest
import torch
from torch import Tensor
from torch.nn.utils.rnn import pack_sequence

from recurra.cells import GRU, LSTM
from recurra.diagnose import Examined, connectivity, diagnose
from recurra.diagnose.pictures import connectivity_picture
from recurra.errors import InputError
from recurra.nn import Recurrent
from recurra.tasks import (
    ClassifyOptions,
    Forecaster,
    ForecastOptions,
    LanguageModel,
    LanguageOptions,
    SequenceClassifier,
    SequenceTagger,
    TagOptions,
    TranscribeOptions,
    Transcriber,
    TranslateOptions,
    Translator,
)
from recurra.tasks.model import Sources


class Model(torch.nn.Module):
    def __init__(self, cell: Any, **options: Any) -> None:
        super().__init__()
        self.recurrent = Recurrent(cell, 3, 6, **options)
        self.head = torch.nn.Linear(self.recurrent.output_features, 2)

    def forward(self, x: Any) -> Any:
        output = self.recurrent(x)[0]
        return self.head(output if isinstance(output, Tensor) else output.data)


def by_hand(outputs: Tensor, x: Tensor) -> Tensor:
    """Return |d output / d x[t]| for outputs (count,) and x (steps, features)."""
    rows = [torch.autograd.grad(each, x, retain_graph=True)[0].norm(dim=-1) for each in outputs]
    return torch.stack(rows).double()


@pytest.mark.parametrize("options", [{}, {"num_layers": 2}, {"bidirectional": True, "batch_first": True}])
def test_norms_are_those_of_autograd(options: dict[str, Any]) -> None:
    torch.manual_seed(0)
    model, x = Model(LSTM, **options).eval(), torch.randn(7, 3)
    given = x[None] if options.get("batch_first") else x[:, None]
    found = connectivity(model, lambda: Examined(model(given).reshape(7, 2)[:, 1], tuple("abcdefg")))
    by = x.clone().requires_grad_()
    expected = by_hand(model(by[None] if options.get("batch_first") else by[:, None]).reshape(7, 2)[:, 1], by)
    torch.testing.assert_close(found.norms, expected, rtol=1e-5, atol=1e-7)
    assert found.outputs == tuple("abcdefg")
    assert found.inputs == tuple("1234567")


def test_packed_sequences_count_by_their_own_steps() -> None:
    torch.manual_seed(0)
    model = Model(GRU).eval()
    short, long = torch.randn(3, 3), torch.randn(5, 3)
    packed = pack_sequence([short, long], enforce_sorted=False)
    found = connectivity(model, lambda: Examined(model(packed)[0]))  # the first row is of the longer one
    by = long.clone().requires_grad_()
    expected = by_hand(model(pack_sequence([by]))[0], by)
    torch.testing.assert_close(found.norms, expected, rtol=1e-5, atol=1e-7)


def test_outputs_without_gradient_or_layer_are_said() -> None:
    model, x = Model(GRU), torch.randn(4, 1, 3)
    with pytest.raises(InputError, match="no gradient"):
        connectivity(model, lambda: Examined(model(x).detach()[:, 0, 0]))
    with pytest.raises(InputError, match="without the recurrent layer"):
        connectivity(model, lambda: Examined(model.head(torch.zeros(1, 6))))


def test_a_diagnosis_has_it_as_json_and_as_a_picture() -> None:
    torch.manual_seed(0)
    model, x = Model(GRU), torch.randn(9, 2, 3)
    found = diagnose(
        model,
        [x],
        loss=lambda batch: model(batch).square().mean(),
        examined=lambda batch: Examined(model(batch)[:, 0, 0]),
    )
    assert torch.tensor(json.loads(found.to_json())["connectivity"]["norms"]).shape == (9, 9)
    assert found.connectivity is not None
    assert connectivity_picture(found.connectivity).wide.count("<path") > 30


def test_a_model_of_characters_says_what_each_depends_on(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("the cat sat on the mat. the dog sat on the log.\n" * 40)
    options = LanguageOptions(level="char", layers=1, hidden_size=8, embedding_size=6, epochs=1, bptt=20, batch_size=4)
    model = LanguageModel(options).fit(text)
    found = model.diagnose(text).connectivity
    assert found is not None
    assert len(found.inputs) == len(found.outputs) == 20
    assert "".join(found.inputs) in text.read_text()
    assert bool((found.norms.triu(1) == 0).all())
    network, numbers = model._model.network.eval(), model._model.tokenizer.encode("".join(found.inputs))
    vectors = network.embedding.embedding.weight[torch.from_numpy(numbers)].detach().requires_grad_()
    scores = network.head(network._recurrent()[0](vectors[:, None])[0][:, 0]).amax(1)
    torch.testing.assert_close(found.norms, by_hand(scores, vectors), rtol=1e-4, atol=1e-7)


REVIEWS = [("good food", "yes"), ("bad food here", "no"), ("good place", "yes"), ("bad place", "no")] * 12
SMALL: dict[str, Any] = {"epochs": 1, "hidden_size": 4, "batch_size": 8}
TASKS: dict[str, tuple[Any, Any, int]] = {  # estimator, data, outputs of the first sequence at least
    "tag": (
        SequenceTagger(TagOptions(character_features=4, character_size=3, **SMALL)),
        [[("Ann", "B-PER"), ("sees", "O"), ("Rome", "B-LOC"), (".", "O")]] * 40,
        4,
    ),
    "classify": (
        SequenceClassifier(ClassifyOptions(text="text", label="label", minimum_count=1, **SMALL)),
        polars.DataFrame(REVIEWS, schema=["text", "label"], orient="row"),
        2,
    ),
    "forecast": (
        Forecaster(ForecastOptions(time="t", target="y", horizon=3, season_length=5, window=8, **SMALL)),
        polars.DataFrame({"t": range(90), "y": [math.sin(t) for t in range(90)]}),
        3,
    ),
    "translate": (
        Translator(TranslateOptions(embedding_size=4, units="char", **SMALL)),
        [("".join(each), "".join(reversed(each))) for each in itertools.product("abc", repeat=4)],
        5,
    ),
    "transcribe": (
        Transcriber(TranscribeOptions(convolutions=0, **SMALL)),
        [(np.random.default_rng(k).normal(size=(20, 3)).astype(np.float32), "ab") for k in range(40)],
        1,
    ),
}


@pytest.mark.parametrize(
    "task", [each if each in ("tag", "forecast") else pytest.param(each, marks=pytest.mark.slow) for each in TASKS]
)
def test_each_task_says_what_its_outputs_depend_on(task: str) -> None:
    estimator, data, outputs = TASKS[task]
    prepared = estimator.prepare(Sources(training=data))
    model, batch = prepared.model, next(iter(prepared.training))
    model.network.eval()
    found = connectivity(model.network, lambda: model.examined(batch), reads=model.reader)
    assert len(found.outputs) == outputs or (task == "transcribe" and len(found.outputs) > outputs)
    assert found.norms.shape == (len(found.outputs), len(found.inputs))
    assert bool(torch.isfinite(found.norms).all())
    assert bool((found.norms > 0).any(1).all())
    if task == "tag":
        assert found.inputs == ("ann", "sees", "rome", ".")
    if task == "classify":
        assert found.outputs == ("no", "yes")
        assert " ".join(found.inputs) in {text for text, _ in REVIEWS}
    if task == "forecast":
        assert found.inputs == (*map(str, range(-7, 1)), "+1", "+2", "+3")
