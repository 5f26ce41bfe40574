"""The recurrent layers of a network are found, with the lengths that they are given."""

from __future__ import annotations

import dataclasses

import polars
import pytest
import torch
from torch.nn.utils.rnn import PackedSequence

from recurra.backends.kernel import units_of
from recurra.cells import Elman
from recurra.errors import InputError
from recurra.nn import GRU, Recurrent
from recurra.plan import Calibration, Machine
from recurra.tasks import ClassifyOptions, SequenceClassifier
from recurra.tasks.cost import recurrent_costs, threads_of
from recurra.tasks.model import Prepared, Sources
from recurra.training.learner import Supervised

INVENTED = Calibration(
    machine=Machine.here(1), prices=dict.fromkeys(units_of("llvm").counted, 1e-09), runs=0, error=0.0, pace=0.001
)
REVIEWS = polars.DataFrame({"text": ["a good film", "a bad film it was"] * 40, "label": ["yes", "no"] * 40})


def prepared() -> Prepared[ClassifyOptions]:
    options = ClassifyOptions(text="text", label="label", hidden_size=8, embedding_size=6, layers=2)
    return SequenceClassifier(options).prepare(Sources(training=REVIEWS))


def with_network(network: torch.nn.Module) -> Prepared[ClassifyOptions]:
    batches = [(torch.zeros(5, 3, 4), torch.zeros(5, 3, 2))]
    given = prepared()
    learner = Supervised(network, loss=lambda found, _: (found[0] if isinstance(found, tuple) else found).sum())
    return dataclasses.replace(given, learner=learner, training=batches)


def test_a_task_has_its_layers() -> None:
    given = prepared()
    (found,) = recurrent_costs(given, calibration=INVENTED)
    workload = found.prediction.workload
    (batch, *_) = next(iter(given.training))
    assert isinstance(batch, PackedSequence)
    assert workload.batch_sizes == tuple(batch.batch_sizes.tolist())
    assert (workload.hidden_size, workload.layers, workload.input_size) == (8, 2, 6)
    assert found.prediction.passes["backward"].seconds > 0


@pytest.mark.parametrize(
    ("layer", "lengths"),
    [(GRU(4, 2), (5,) * 3), (Recurrent(Elman, 4, 2, batch_first=True), (3,) * 5)],
)
def test_lengths_of_padded_sequences(layer: torch.nn.Module, lengths: tuple[int, ...]) -> None:
    (found,) = recurrent_costs(with_network(layer), calibration=INVENTED)
    assert found.prediction.workload.lengths == lengths


def test_a_network_without_recurrent_layers_is_refused() -> None:
    with pytest.raises(InputError, match="no recurrent layer"):
        recurrent_costs(with_network(torch.nn.Linear(4, 2)), calibration=INVENTED)


def test_small_networks_train_on_one_thread() -> None:
    assert threads_of(prepared()) == 1
