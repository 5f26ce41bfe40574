"""Corpora and batches for truncated backpropagation: parts, kinds of numbers, and columns that go on."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from recurra.data import TokenOptions, VaryingLength, bptt_batches, fit_tokenizer, read_corpus
from recurra.data import memory_mapped as kept_module
from recurra.data.corpus import encoded_text
from recurra.errors import DataError

CHARACTERS, SPACES = TokenOptions(level="char"), TokenOptions(words="space")


def write(folder: Path, text: str, name: str = "text.txt") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_the_last_characters_are_the_test_part(tmp_path: Path) -> None:
    text = "abcdefghij" * 10
    corpus = read_corpus(write(tmp_path, text), options=CHARACTERS, validation_fraction=0.05, test_fraction=0.1)
    assert [len(part) for part in (corpus.train, corpus.validation, corpus.test)] == [85, 5, 10]
    joined = np.concatenate([corpus.train, corpus.validation, corpus.test])
    assert corpus.tokenizer.decode(joined) == text
    assert "test: 10 tokens (0.1 of" in corpus.description
    assert corpus.characters == (85, 5, 10)


def test_words_are_not_cut_in_two(tmp_path: Path) -> None:
    lines = [f"word{number} again\n" for number in range(50)]
    corpus = read_corpus(write(tmp_path, "".join(lines)), options=SPACES, validation_fraction=0.2, test_fraction=0.33)
    known = corpus.tokenizer.vocabulary
    parts = [known.decode(part) for part in (corpus.train, corpus.validation, corpus.test)]
    assert sum(map(len, parts)) == 150
    assert sum(token == "<eos>" for part in parts for token in part) == 50
    assert all("<unk>" in part for part in parts[1:])
    assert len(known) == 3 + sum(token.startswith("word") for token in parts[0])


def test_parts_from_files_of_their_own(tmp_path: Path) -> None:
    train, valid, test = (write(tmp_path, text, f"{len(text)}.txt") for text in ("a b\n", "b c d\n", "a\n"))
    corpus = read_corpus(train, options=SPACES, validation=valid, test=test)
    assert corpus.tokenizer.vocabulary.tokens == ("<unk>", "<eos>", "a", "b")
    assert corpus.characters == (4, 6, 2)
    assert (corpus.train.tolist(), corpus.validation.tolist(), corpus.test.tolist()) == (
        [2, 3, 1],
        [3, 0, 0, 1],
        [2, 1],
    )


def test_several_files_are_one_text(tmp_path: Path) -> None:
    paths = [write(tmp_path, "a b", "1.txt"), write(tmp_path, "c\n", "2.txt"), write(tmp_path, "d", "3.txt")]
    corpus = read_corpus(paths, options=SPACES, validation_fraction=0, test_fraction=0)
    assert corpus.tokenizer.decode(corpus.train) == "a b\nc\nd"
    assert len(corpus.validation) == len(corpus.test) == 0


def test_a_model_goes_on_with_its_tokenizer(tmp_path: Path) -> None:
    tokenizer = fit_tokenizer(["ab"], CHARACTERS)
    corpus = read_corpus(write(tmp_path, "abcabcabca"), options=CHARACTERS, tokenizer=tokenizer, test_fraction=0.3,
                         validation_fraction=0.0)  # fmt: skip
    assert corpus.tokenizer is tokenizer
    assert corpus.test.tolist() == [2, 0, 1]
    assert len(corpus.validation) == 0


def test_small_numbers_for_small_vocabularies_and_a_file_for_long_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = fit_tokenizer(["ab"], CHARACTERS)
    assert encoded_text(["ab"], tokenizer).dtype == np.uint16
    many = fit_tokenizer([" ".join(map(str, range(70_000)))], SPACES)
    assert encoded_text(["69999"], many).dtype == np.uint32
    assert many.decode(encoded_text(["69999"], many)) == "69999"
    monkeypatch.setattr(kept_module, "_IN_MEMORY", 10)
    mapped = encoded_text(["ab" * 10], tokenizer)
    assert isinstance(mapped, np.memmap)
    assert mapped.tolist() == [1, 2] * 10
    mapped._mmap.close()


@pytest.mark.parametrize(
    ("text", "fractions", "message"),
    [
        ("", (0.1, 0.1), "is empty"),
        ("abcd", (0.5, 0.5), "sum is below 1"),
        ("abcd", (-0.1, 0.5), "from 0 on"),
        ("abcd", (0.1, 0.1), "the validation part holds no token"),
    ],
)
def test_texts_that_cannot_be_parted(tmp_path: Path, text: str, fractions: tuple[float, float], message: str) -> None:
    validation, test = fractions
    with pytest.raises(DataError, match=message):
        read_corpus(write(tmp_path, text), options=CHARACTERS, validation_fraction=validation, test_fraction=test)


@pytest.mark.parametrize("count", [9, 20, 23])
@pytest.mark.parametrize("length", [1, 3, 100])
@pytest.mark.parametrize("varying", [None, VaryingLength(seed=3, least=2)])
def test_batches_go_on_and_leave_nothing_out(count: int, length: int, varying: VaryingLength | None) -> None:
    tokens = np.arange(count, dtype=np.uint16)
    found = list(bptt_batches(tokens, batch_size=4, length=length, varying=varying))
    rows = count // 4
    inputs, targets = (np.concatenate(parts) for parts in zip(*found, strict=True))
    assert inputs.dtype == targets.dtype == np.int64
    if varying is None:
        assert {len(batch) for batch, _ in found[:-1]} <= {length}
        assert len(found) == -(-(rows - 1) // length)
    np.testing.assert_array_equal(targets, inputs + 1)
    np.testing.assert_array_equal(inputs.T, np.arange(4 * rows).reshape(4, rows)[:, :-1])
    assert all((later[0][0] == before[1][-1]).all() for before, later in pairwise(found))


def test_lengths_vary_around_the_given_one_and_around_its_half() -> None:
    source = VaryingLength(seed=1).lengths(70)
    lengths = np.array([next(source) for _ in range(5000)])
    again = VaryingLength(seed=1).lengths(70)
    assert lengths.tolist() == [next(again) for _ in range(5000)]
    other = VaryingLength(seed=1, epoch=1).lengths(70)
    assert lengths[:20].tolist() != [next(other) for _ in range(20)]
    short = lengths < 52
    assert short.mean() == pytest.approx(0.05, abs=0.01)
    assert lengths[~short].mean() == pytest.approx(69.5, abs=0.3)
    assert lengths[short].mean() == pytest.approx(34.5, abs=1.5)


@pytest.mark.parametrize(("count", "batch_size", "length"), [(7, 4, 5), (0, 1, 1), (10, 0, 1), (10, 1, 0)])
def test_too_few_tokens_for_the_columns(count: int, batch_size: int, length: int) -> None:
    with pytest.raises(DataError, match="expected"):
        bptt_batches(np.arange(count), batch_size=batch_size, length=length)
