"""Pretrained word vectors: both formats, words with spaces and in other case, and messages with lines."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from recurra.data import Vocabulary, read_vectors
from recurra.errors import DataError

WORDS = Vocabulary(("<unk>", "the", "Cat", ". .", "PARIS"), unknown="<unk>")
GLOVE = "the 1 2\n, 9 9\ncat 3 -4e-1\n. . 5 6\nParis 0 1\nthe 7 7\nparis 2 2\n"


def write(folder: Path, text: str, name: str = "v.txt") -> Path:
    data = text.encode()
    (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return folder / name


@pytest.mark.parametrize("name", ["v.txt", "v.txt.gz"])
@pytest.mark.parametrize("header", ["", "7 2\n"])
def test_vectors_of_a_vocabulary(tmp_path: Path, name: str, header: str) -> None:
    vectors = read_vectors(write(tmp_path, header + GLOVE, name), WORDS)
    assert vectors.found.tolist() == [False, True, True, True, True]
    expected = [[0, 0], [1, 2], [3, -0.4], [5, 6], [2, 2]]
    assert vectors.values.ravel().tolist() == pytest.approx([value for row in expected for value in row])


def test_the_case_may_count(tmp_path: Path) -> None:
    assert read_vectors(write(tmp_path, GLOVE), WORDS, lowercase=False).found.tolist() == [0, 1, 0, 1, 0]


def test_the_exact_word_counts_before_its_lower_case(tmp_path: Path) -> None:
    vectors = read_vectors(write(tmp_path, "paris 1 1\nPARIS 2 2\nparis 3 3\n"), WORDS)
    assert vectors.values[4].tolist() == [2, 2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("the 1 2\ndog 1\n", "line 2: 1 numbers follow the word 'dog'; expected 2"),
        ("the 1 2\ndog 1 2 3\n", "line 2: 3 numbers follow the word 'dog'; expected 2"),
        ("the\n", "line 1: 0 numbers follow"),
        ("2 3\nthe 1 2\n", "line 2: 2 numbers follow the word 'the'; expected 3"),
        ("dog x y\nthe 1 two\n", "line 2, word 'the': 'two' is not a finite number"),
        ("the 1 1e39\n", "line 1, word 'the': '1e39' is not a finite number, or too large for float32"),
        ("the 1 nan\n", "line 1, word 'the': 'nan' is not a finite number"),
        ("", "holds no word vectors"),
        ("5 300\n", "holds no word vectors"),
    ],
)
def test_wrong_lines(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_vectors(write(tmp_path, text), WORDS)
