"""The parts of a tagger: batches, the network, the scores."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tag_cases import SMALL

from recurra.cells import LSTM
from recurra.data import BatchOptions, Marks, sentences_of
from recurra.nn import bioes_transitions
from recurra.tasks.tag.data import TagBatch, TagBatches, TagVocabulary, fit_vocabulary
from recurra.tasks.tag.network import IndependentTags, TagNetwork
from recurra.tasks.tag.scores import score_tags

WORDS = [["the", "The", "cat"], ["a"], ["cat", "a", "the", "zebra"]]
TAGS = [["D", "D", "N"], ["D"], ["N", "D", "D", "N"]]


@pytest.fixture(scope="module")
def vocabulary() -> TagVocabulary:
    given = sentences_of(WORDS, tags=TAGS)
    return fit_vocabulary(given, given, marks=None, lowercase=True, minimum_count=1)[0]


def one_batch(sentences: list[list[str]], vocabulary: TagVocabulary, tags: list[list[int]] | None = None) -> TagBatch:
    numbers = None if tags is None else [np.array(each) for each in tags]
    (batch,) = TagBatches(sentences, vocabulary=vocabulary, options=BatchOptions(shuffle=False), tags=numbers)
    return batch


def network(vocabulary: TagVocabulary) -> TagNetwork:
    torch.manual_seed(0)
    return TagNetwork(LSTM, options=SMALL, vocabulary=vocabulary, word_size=5)


def test_words_that_differ_in_case_share_a_vector_but_not_their_characters(vocabulary: TagVocabulary) -> None:
    batch = one_batch(WORDS, vocabulary)
    rows = batch.words
    assert rows.batch_sizes.tolist() == [3, 2, 2, 1]
    numbers = [vocabulary.words.number(word) for word in ("cat", "the", "a", "a", "the", "the", "cat", "zebra")]
    assert rows.data.tolist() == numbers
    assert len(set(batch.forms.tolist())) == 5
    assert int(batch.characters.batch_sizes[0]) == 5


def test_a_sentence_in_a_batch_scores_as_it_does_alone(vocabulary: TagVocabulary) -> None:
    tagging = network(vocabulary).eval()
    together, lengths = torch.nn.utils.rnn.pad_packed_sequence(tagging(one_batch(WORDS, vocabulary)), batch_first=True)
    for sentence, scores, length in zip(sorted(WORDS, key=len, reverse=True), together, lengths.tolist(), strict=True):
        alone = tagging(one_batch([sentence], vocabulary)).data
        torch.testing.assert_close(alone, scores[:length])


def test_an_epoch_has_every_sentence_once_and_another_order(vocabulary: TagVocabulary) -> None:
    given = TagBatches(
        [["a"] * length for length in range(1, 30)], vocabulary=vocabulary, options=BatchOptions(batch_size=4, seed=3)
    )
    orders = []
    for epoch in (0, 1, 0):
        given.set_epoch(epoch)
        assert len(given) == 8
        orders.append([len(batch.forms) for batch in given])
        assert sum(orders[-1]) == sum(range(1, 30))
    assert orders[0] == orders[2] != orders[1]


def test_rare_words_are_taken_for_unknown_ones_more_often(vocabulary: TagVocabulary) -> None:
    tagging = network(vocabulary)
    tagging.learn_words(np.array([0, 1, 10, 100, 0]), rate=1.0)
    torch.testing.assert_close(tagging.unknown_share, torch.tensor([1.0, 0.5, 1 / 11, 1 / 101, 1.0]))
    tagging.learn_words(np.array([0, 1, 10, 100, 0]), rate=0.0)
    assert not tagging.unknown_share.any()


def test_unknown_words_are_for_training_alone(vocabulary: TagVocabulary) -> None:
    tagging = network(vocabulary)
    tagging.learn_words(np.zeros(5), rate=1.0)
    one, other = one_batch([["cat"]], vocabulary), one_batch([["zebra"]], vocabulary)
    tagging.dropout.p = 0.0
    other = TagBatch(other.words, one.characters, one.forms, None)
    torch.testing.assert_close(tagging(one).data, tagging(other).data)
    tagging.eval()
    assert not torch.allclose(tagging(one).data, tagging(other).data)


def test_the_loss_has_a_gradient_for_every_weight(vocabulary: TagVocabulary) -> None:
    tagging = network(vocabulary)
    batch = one_batch(WORDS, vocabulary, [[0, 0, 1], [0], [1, 0, 0, 1]])
    tagging.loss(tagging(batch), batch).backward()
    missing = [name for name, weight in tagging.named_parameters() if weight.grad is None or not weight.grad.any()]
    assert missing == []


def test_independent_tags_are_a_softmax(vocabulary: TagVocabulary) -> None:
    head, emissions = IndependentTags(3), torch.tensor([[1.0, 2.0, 0.0], [0.0, 0.0, 5.0]])
    packed = torch.nn.utils.rnn.pack_sequence([emissions])
    tags = torch.nn.utils.rnn.pack_sequence([torch.tensor([1, 2])])
    expected = torch.nn.functional.cross_entropy(emissions, torch.tensor([1, 2]))
    torch.testing.assert_close(head.negative_log_likelihood(packed, tags, reduction="token_mean"), expected)
    torch.testing.assert_close(head.negative_log_likelihood(packed, tags, reduction="sum"), 2 * expected)
    assert head.decode(packed)[0] == [[1, 2]]
    torch.testing.assert_close(head.marginals(packed)[0], emissions.softmax(1))
    assert not any(parameter.requires_grad for parameter in head.parameters())


def test_independent_tags_are_decoded_within_the_constraints() -> None:
    head = IndependentTags(3, constraints=bioes_transitions(["O", "B-X", "E-X"]))
    emissions = torch.nn.utils.rnn.pack_sequence([torch.tensor([[0.0, 1.0, 5.0], [0.0, 0.0, 4.0]])])
    assert head.decode(emissions)[0] == [[1, 2]]


def test_the_usual_tag_of_a_word(vocabulary: TagVocabulary) -> None:
    assert vocabulary.usual_tags(["The", "zebra", "never-seen"]) == ["D", "N", "D"]


def test_entities_are_counted_as_seqeval_does() -> None:
    """Its figures for these tags, the example of its README: F1 0.5, PER 1.0, MISC 0.0, accuracy 0.8."""
    true = [["O", "O", "O", "B-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"]]
    found = [["O", "O", "B-MISC", "I-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"]]
    words = [["w"] * len(tags) for tags in true]
    scores = score_tags(sentences_of(words, tags=true), found, is_known=lambda word: True, marks=Marks("BIO"))
    assert scores.entities is not None
    assert scores.entity_types is not None
    assert (scores.entities.precision, scores.entities.recall, scores.entities.f1) == (0.5, 0.5, 0.5)
    assert {kind: each.f1 for kind, each in scores.entity_types.items()} == {"MISC": 0.0, "PER": 1.0}
    assert scores.tokens.share == pytest.approx(0.8)
    assert scores.unknown_words.share is None
