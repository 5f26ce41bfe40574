"""The surprise of each token: against one run over the whole text, in columns, by position."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from language_cases import network, numbers

from recurra.tasks.language import scores
from recurra.tasks.language.generation import Writer, searched_tokens
from recurra.tasks.language.network import LanguageNetwork, perplexity
from recurra.tasks.language.scores import loss_by_position, scored, surprises, unigram_surprises


def at_once(made: LanguageNetwork, tokens: np.ndarray, first: int) -> np.ndarray:
    read = torch.from_numpy(np.concatenate([[first], tokens[:-1]]))
    with torch.no_grad():
        log_prob, _ = made(read[:, None])
    return -log_prob[torch.arange(len(tokens)), 0, torch.from_numpy(tokens)].numpy()


@pytest.mark.parametrize("count", [1, 2, 63, 64, 65, 200])
def test_a_short_text_is_read_from_its_beginning_to_its_end(count: int) -> None:
    made, tokens = network(), numbers(count)
    np.testing.assert_allclose(surprises(made, tokens, first=3), at_once(made, tokens, 3), rtol=1e-4, atol=1e-5)


def test_a_long_text_in_columns_counts_every_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scores, "_ROWS_A_COLUMN", 20)
    made, tokens = network(), numbers(107)
    found, expected = surprises(made, tokens, first=3), at_once(made, tokens, 3)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found[:22], expected[:22], rtol=1e-4, atol=1e-5)
    alone = at_once(made, tokens[22:44], int(tokens[21]))
    np.testing.assert_allclose(found[22:44], alone, rtol=1e-4, atol=1e-5)


def test_few_scores_at_a_time_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    made, tokens = network(), numbers(90)
    expected = surprises(made, tokens, first=3)
    monkeypatch.setattr(scores, "_MOST_NUMBERS", 40)
    np.testing.assert_allclose(surprises(made, tokens, first=3), expected, rtol=1e-5)


def test_no_token_has_no_surprise() -> None:
    assert surprises(network(), np.zeros(0, np.int64), first=0).shape == (0,)


def test_the_loss_by_position_is_that_of_windows_by_themselves() -> None:
    made, tokens = network(), numbers(60)
    windows = [tokens[start : start + 6] for start in range(55)]
    expected = np.mean([at_once(made, window[1:], int(window[0])) for window in windows], 0)
    np.testing.assert_allclose(loss_by_position(made, tokens, length=5, most=99), expected, rtol=1e-4)


def test_scores_are_means() -> None:
    scores = scored(np.log([2.0, 8.0]).astype(np.float32), characters=8)
    assert scores.perplexity == pytest.approx(4)
    assert scores.bits_per_token == pytest.approx(2)
    assert scores.bits_per_character == pytest.approx(0.5)
    assert scores.nats_per_character == pytest.approx(np.log(2) / 2)
    assert perplexity(1e4) == float("inf")


def test_frequencies_are_a_distribution() -> None:
    assert np.exp(-unigram_surprises(np.array([0, 3, 7]))).sum() == pytest.approx(1)


def best_text(made: LanguageNetwork, prompt: list[int], *, length: int, tokens: int) -> list[int]:
    """Return the likeliest text of all."""
    texts = np.stack(np.meshgrid(*[np.arange(tokens)] * length, indexing="ij"), -1).reshape(-1, length)
    read = np.concatenate([np.tile(prompt, (len(texts), 1)), texts], 1)
    with torch.no_grad():
        log_prob, _ = made(torch.from_numpy(read[:, :-1].T))
    targets = torch.from_numpy(read[:, 1:].T)
    scores = log_prob.gather(-1, targets.unsqueeze(-1)).squeeze(-1)[-length:].sum(0)
    return texts[int(scores.argmax())].tolist()


def test_a_wide_search_finds_the_likeliest_text() -> None:
    made = network(tokens=5)
    writer = Writer(made, batch=125)
    found = list(searched_tokens(writer, [1, 2], beam=125, length=4))
    assert found == best_text(made, [1, 2], length=4, tokens=5)


def test_a_search_of_one_takes_the_likeliest_token_each_time() -> None:
    made = network(tokens=5)
    found, read = list(searched_tokens(Writer(made), [1], beam=1, length=6)), [1]
    for _ in range(6):
        with torch.no_grad():
            log_prob, _ = made(torch.tensor(read)[:, None])
        read.append(int(log_prob[-1, 0].argmax()))
    assert found == read[1:]
