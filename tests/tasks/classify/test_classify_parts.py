"""The parts of a classifier: its network, its learner, its scores, its batches."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from recurra.cells import all_cells
from recurra.data import BatchOptions, packed
from recurra.tasks import ClassifyOptions
from recurra.tasks.classify.data import PackedBatches
from recurra.tasks.classify.network import ClassifyLearner, ClassifyNetwork, TokenVectors
from recurra.tasks.classify.scores import evaluate_probabilities
from recurra.training.learner import Sum


def network(cell: str = "GRU", *, inputs: int = 3, classes: int = 3, **options: object) -> ClassifyNetwork:
    torch.manual_seed(0)
    chosen = ClassifyOptions(**{"hidden_size": 4, **options})  # pyright: ignore[reportArgumentType]
    return ClassifyNetwork(all_cells[cell], options=chosen, reader=None, inputs=inputs, classes=classes)


def sequences(*lengths: int, width: int = 3) -> list[np.ndarray]:
    random = np.random.default_rng(0)
    return [random.normal(size=(length, width)).astype(np.float32) for length in lengths]


@pytest.mark.parametrize("cell", ["LSTM", "GRU", "PeepholeLSTM", "MinGRU"])
def test_cells_classify(cell: str) -> None:
    scores, weights = network(cell)(packed(sequences(5, 1, 3)))
    assert scores.shape == (3, 3)
    assert weights is not None
    assert weights.shape == (3, 5)
    scores.sum().backward()


def test_dropped_words_are_unknown_in_training_alone() -> None:
    options = ClassifyOptions(word_dropout=0.5)
    torch.manual_seed(0)
    reader = TokenVectors(10, unknown=0, size=4, options=options)
    tokens = packed([np.full(2000, 7)])
    unknown = reader.embedding.embedding.weight[0]
    share = (reader.train()(tokens).data == unknown).all(1).float().mean().item()
    assert share == pytest.approx(0.5, abs=0.05)
    assert not (reader.eval()(tokens).data == unknown).all(1).any()


def test_noise_is_in_training_alone() -> None:
    net, batch = network(noise=0.5, dropout=0.0), packed(sequences(5, 3))
    plain = net.eval()(batch)[0]
    assert torch.equal(net(batch)[0], plain)
    assert not torch.allclose(net.train()(batch)[0], plain, atol=1e-3)


def test_a_tokenizer_without_unknown_ones_gets_a_vector_for_them() -> None:
    reader = TokenVectors(10, unknown=10, size=4, options=ClassifyOptions())
    assert reader.embedding.embedding.num_embeddings == 11


def test_the_loss_has_weights_and_smoothing() -> None:
    options = ClassifyOptions(hidden_size=4, label_smoothing=0.2, dropout=0.0)
    learner = ClassifyLearner(network(dropout=0.0), options=options, weights=torch.tensor([1.0, 2.0, 3.0]))
    batch = packed(sequences(5, 1, 3)), torch.tensor([0, 2, 1])
    scores, _ = learner.network(batch[0])
    expected = cross_entropy(scores, batch[1], weight=torch.tensor([1.0, 2.0, 3.0]), label_smoothing=0.2)
    torch.testing.assert_close(learner.loss(batch), expected)


def test_measures_over_batches_are_those_over_all() -> None:
    learner = ClassifyLearner(network(dropout=0.0).eval(), options=ClassifyOptions(choose_by="macro_f1"))
    data, labels = sequences(*range(1, 12)), np.arange(11) % 3
    sums: dict[str, list[float]] = {}
    for batch in PackedBatches(data, labels, options=BatchOptions(batch_size=4)):
        with torch.no_grad():
            measured = learner.measure(batch)
        for name, (value, weight) in measured.items():
            total = sums.setdefault(name, [0.0, 0.0])
            total[0] += float(value)
            total[1] += weight
    found = learner.summarise({name: Sum(*total) for name, total in sums.items()})
    scores = learner.network(packed(data))[0].double().softmax(1).detach().numpy()
    expected = evaluate_probabilities(scores, labels, classes=("a", "b", "c"), frequent=0)
    assert found == pytest.approx(
        {"loss": expected.loss, "accuracy": expected.accuracy, "macro_f1": expected.macro_f1}, rel=1e-5
    )
    assert learner.monitor.larger_is_better
    assert learner.monitor.measure == "macro_f1"


def test_scores_by_hand() -> None:
    probabilities = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.7, 0.3]])
    found = evaluate_probabilities(probabilities, np.array([0, 0, 1, 1]), classes=("no", "yes"), frequent=1)
    assert (found.accuracy, found.macro_f1, found.roc_auc) == pytest.approx((0.5, 0.5, 0.75))
    assert found.loss == pytest.approx(-(math.log(0.9) + math.log(0.4) + math.log(0.8) + math.log(0.3)) / 4)
    assert found.confusion == [[1, 1], [1, 1]]
    assert (found.baseline.label, found.baseline.accuracy) == ("yes", 0.5)
    assert found.baseline.macro_f1 == pytest.approx(1 / 3)


def test_a_class_that_is_not_there_has_no_area() -> None:
    probabilities = np.array([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1]])
    found = evaluate_probabilities(probabilities, np.array([0, 1]), classes=("a", "b", "c"), frequent=0)
    assert found.roc_auc == 1.0
    alone = evaluate_probabilities(probabilities, np.array([0, 0]), classes=("a", "b", "c"), frequent=0)
    assert alone.roc_auc is None
    zero = evaluate_probabilities(np.array([[1.0, 0.0, 0.0]]), np.array([1]), classes=("a", "b", "c"), frequent=0)
    assert math.isfinite(zero.loss)


def first_and_label(batch: PackedSequence, labels: torch.Tensor) -> list[tuple[int, int]]:
    firsts = batch.data[: len(labels)][batch.unsorted_indices]
    return list(zip(firsts.tolist(), labels.tolist(), strict=True))


def test_batches_of_an_epoch_hold_each_sequence_once_with_its_label() -> None:
    data = [np.full(length, length) for length in range(1, 30)]
    batches = PackedBatches(data, np.arange(1, 30), options=BatchOptions(batch_size=4, seed=3))
    orders = []
    for epoch in (0, 1, 0):
        batches.set_epoch(epoch)
        found = [pair for batch, labels in batches for pair in first_and_label(batch, labels)]
        assert sorted(found) == [(number, number) for number in range(1, 30)]
        orders.append(found)
    assert len(batches) == 8
    assert orders[0] == orders[2] != orders[1]


def test_some_sequences_are_joined_to_part_of_another_class_and_become_that_of_the_others() -> None:
    labels = np.arange(600) % 3
    data = [np.full((8, 1), label, np.float32) for label in labels.tolist()]
    batches = PackedBatches(data, labels, options=BatchOptions(batch_size=50), others=2)
    joined = 0
    for batch, found in batches:
        sequences = pad_packed_sequence(batch, batch_first=True)[0].squeeze(2).tolist()
        for values, label in zip(sequences, found.tolist(), strict=True):
            is_joined = values[0] != values[-1]
            assert values == [values[0]] * 4 + [values[-1]] * 4  # where all steps are as loud, half of them are half
            assert label == (2 if is_joined else values[0])
            joined += is_joined
    assert 60 < joined < 120
