"""The network of a language model: shapes, ties, carried states, what each kind of dropout does."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from language_cases import network, numbers

from recurra.cells import all_cells
from recurra.errors import InputError
from recurra.tasks import LanguageOptions
from recurra.tasks.language.generation import Writer
from recurra.tasks.language.network import LanguageNetwork

_HEADS = {
    "plain": {},
    "tied": {"tied": True},
    "adaptive": {"adaptive_softmax": True, "tokens": 120},
}


@pytest.mark.parametrize("cell", ["GRU", "IndRNN", "MinGRU", "SRU"])
def test_other_cells_say_what_comes_next(cell: str) -> None:
    made = network(all_cells[cell], layers=1, embedding_size=8)
    log_prob, carried = made(torch.from_numpy(numbers(14).reshape(7, 2)))
    torch.testing.assert_close(log_prob.exp().sum(-1), torch.ones(7, 2))
    assert len(carried) == 1


@pytest.mark.parametrize("head", _HEADS)
def test_a_text_in_two_parts_is_the_text(head: str) -> None:
    made = network(**_HEADS[head])
    tokens = torch.from_numpy(numbers(18).reshape(9, 2))
    whole, _ = made(tokens)
    first, carried = made(tokens[:4])
    torch.testing.assert_close(torch.cat([first, made(tokens[4:], carried)[0]]), whole)


@pytest.mark.parametrize("head", _HEADS)
def test_the_loss_is_what_the_probabilities_say(head: str) -> None:
    made = network(**_HEADS[head])
    inputs, targets = torch.from_numpy(numbers(12).reshape(2, 6, 1))
    log_prob, _ = made(inputs)
    expected = -log_prob.gather(-1, targets.unsqueeze(-1)).mean()
    torch.testing.assert_close(made.loss(made.read(inputs), targets), expected)


@pytest.mark.parametrize("head", _HEADS)
def test_a_writer_says_what_the_network_says(head: str) -> None:
    made = network(**_HEADS[head])
    tokens = numbers(12).reshape(6, 2)
    log_prob, _ = made(torch.from_numpy(tokens))
    writer = Writer(made, batch=2)
    for row, expected in zip(tokens, log_prob, strict=True):
        found = torch.from_numpy(writer.read(row)).log_softmax(-1)
        torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


def test_tied_weights_are_one_matrix_and_the_last_layer_fits_it() -> None:
    free, tied = network(), network(tied=True)
    assert tied.layers[-1].output_features == 5
    assert free.layers[-1].output_features == 8
    assert tied.scores() is not None
    assert tied.scores()[0] is tied.embedding.embedding.weight
    assert sum(each.numel() for each in tied.parameters()) < sum(each.numel() for each in free.parameters())


@pytest.mark.parametrize("option", ["dropout", "input_dropout", "hidden_dropout", "token_dropout", "weight_drop"])
def test_each_dropout_acts_in_training_alone(option: str) -> None:
    made, tokens = network(**{option: 0.6}), torch.from_numpy(numbers(40).reshape(10, 4))
    still, _ = made(tokens)
    torch.testing.assert_close(still, network()(tokens)[0])
    made.train()
    assert not torch.allclose(made(tokens)[0], made(tokens)[0])


def test_locked_dropout_has_one_mask_for_all_steps() -> None:
    tokens = torch.from_numpy(numbers(40).reshape(10, 4))
    for locked in (True, False):
        zero = network(dropout=0.5, locked_dropout=locked).train().read(tokens).dropped == 0
        assert bool((zero == zero[0]).all()) is locked


def test_an_initial_range_bounds_all_weights() -> None:
    made = LanguageNetwork(
        all_cells["LSTM"],
        options=LanguageOptions(hidden_size=20, embedding_size=20, tied=False, initial_range=0.1),
        tokens=30,
    )
    values = torch.cat([parameter.flatten() for parameter in made.parameters()]).detach()
    assert 0.09 < float(values.abs().max()) <= 0.1


def test_rare_tokens_need_enough_of_them_for_clusters() -> None:
    with pytest.raises(InputError, match="a vocabulary of 11 tokens; expected 100 or more"):
        network(adaptive_softmax=True)


def test_a_selected_text_goes_on_as_the_one_that_it_follows() -> None:
    writer = Writer(network(), batch=2)
    writer.read([1, 2])
    writer.select([1, 1])
    scores = writer.read([3, 3])
    np.testing.assert_array_equal(scores[0], scores[1])
