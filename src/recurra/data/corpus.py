"""A corpus for a language model: a text as numbers of tokens, split in three; its batches for truncated BPTT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np

from recurra.data.files import ENCODING, read_text_stream
from recurra.data.memory_mapped import concatenated
from recurra.data.tokens import Tokenizer, TokenOptions, fit_tokenizer
from recurra.errors import DataError

__all__ = ["Corpus", "CountedPieces", "VaryingLength", "bptt_batches", "bptt_lengths", "encoded_text", "read_corpus"]

_PART_NAMES = ("training", "validation", "test")


@final
@dataclass(frozen=True, kw_only=True)
class Corpus:
    """The parts of a text as numbers of tokens.

    Attributes
    ----------
    train, validation, test
        (count,) uint16 or uint32; a part may be empty, but the first. Parts over 256 MiB are mapped from a temporary
        file that goes away with them.
    tokenizer
        Fitted to the training part alone.
    description
        How the text was split, in a sentence.
    characters
        The characters of each part, in the order of the parts.
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    tokenizer: Tokenizer
    description: str
    characters: tuple[int, int, int]


def read_corpus(
    text: str | Path | Sequence[str | Path],
    /,
    *,
    options: TokenOptions,
    validation: str | Path | None = None,
    test: str | Path | None = None,
    validation_fraction: float = 0.05,
    test_fraction: float = 0.05,
    tokenizer: Tokenizer | None = None,
    encoding: str = ENCODING,
) -> Corpus:
    """Read a text and split it; files are read as streams, so that they may be larger than memory.

    Parameters
    ----------
    text
        A text file, or several, which are read as one, a line end between them.
    options
        How it becomes tokens.
    validation, test
        Files of these parts. A part without a file is taken from the end of `text`.
    validation_fraction, test_fraction
        The shares of `text`'s characters in parts without a file: the last characters are the test part, those before
        them the validation part. Words are not cut in two: such a part begins after the next space.
    tokenizer
        One that is fitted already, so that a model goes on with it.
    encoding
        Of the files.

    Raises
    ------
    DataError
        If a file cannot be read (see `read_text_stream`), the fractions leave nothing to train on, or a part holds no
        token.
    """
    shares = (0.0 if validation else validation_fraction, 0.0 if test else test_fraction)
    paths = [Path(path) for path in ([text] if isinstance(text, str | Path) else text)]
    source = ", ".join(map(str, paths))
    parts = _TextSplit(paths, shares, encoding, between_words=options.level != "char")
    tokenizer = tokenizer or fit_tokenizer(parts.pieces(0), options)
    encoded, counts = [], []
    for part, path in enumerate((None, validation, test)):
        pieces = CountedPieces(read_text_stream(path, encoding=encoding) if path else parts.pieces(part))
        encoded.append(encoded_text(pieces, tokenizer))
        counts.append(pieces.characters)
    _check_parts(encoded, (1.0, 1.0 if validation else shares[0], 1.0 if test else shares[1]), source)
    description = _description(source, (validation, test), shares, encoded)
    return Corpus(
        train=encoded[0],
        validation=encoded[1],
        test=encoded[2],
        tokenizer=tokenizer,
        description=description,
        characters=(counts[0], counts[1], counts[2]),
    )


def encoded_text(pieces: Iterable[str], tokenizer: Tokenizer, /) -> np.ndarray:
    """Return the numbers of the tokens of a text in pieces, (count,) uint16, or uint32 for large vocabularies.

    Byte pairs are not looked for across the ends of pieces.
    """
    kind = np.dtype(np.uint16 if len(tokenizer.vocabulary) <= 1 << 16 else np.uint32)
    return concatenated(tokenizer.encode(piece).astype(kind) for piece in pieces)


@final
class CountedPieces:
    """A text in pieces whose characters are counted as they go by.

    Examples
    --------
    >>> pieces = CountedPieces(["once ", "more"])
    >>> "".join(pieces), pieces.characters
    ('once more', 9)
    """

    def __init__(self, pieces: Iterable[str], /) -> None:
        self.characters = 0
        self._pieces = pieces

    def __iter__(self) -> Iterator[str]:
        for piece in self._pieces:
            self.characters += len(piece)
            yield piece


@final
class _TextSplit:
    """The parts of one text, by shares of its characters at its end."""

    def __init__(self, paths: list[Path], shares: tuple[float, float], encoding: str, *, between_words: bool) -> None:
        if min(shares) < 0 or sum(shares) >= 1:
            raise DataError(f"the parts' fractions are {shares}; expected two from 0 on whose sum is below 1")
        self.paths, self.encoding, self.between_words = paths, encoding, between_words
        self.starts = (0, 0, 0)
        total = sum(map(len, self._stream()))
        test = total - round(total * shares[1])
        self.starts = (0, test - round(total * shares[0]), test)

    def pieces(self, part: int) -> Iterator[str]:
        """Yield the part's text in pieces."""
        start, stop = self.starts[part], (*self.starts[1:], None)[part]
        place = 0
        for piece in self._stream():
            first = self._cut(piece, start - place)
            last = len(piece) if stop is None else self._cut(piece, stop - place)
            if first < last:
                yield piece[first:last]
            place += len(piece)
            if stop is not None and place > stop:
                return

    def _stream(self) -> Iterator[str]:
        """Yield the text in pieces; one file's last line ends before the next file begins."""
        piece = "\n"
        for path in self.paths:
            if not piece.endswith("\n"):
                yield "\n"
            for piece in read_text_stream(path, encoding=self.encoding):
                yield piece

    def _cut(self, piece: str, place: int) -> int:
        """Return where in a piece a part begins whose place counts from the piece's start."""
        if place <= 0 or place >= len(piece) or not self.between_words:
            return min(max(place, 0), len(piece))
        while place < len(piece) and not piece[place - 1].isspace():
            place += 1
        return place


def _check_parts(parts: list[np.ndarray], shares: tuple[float, float, float], source: str) -> None:
    for name, tokens, share in zip(_PART_NAMES, parts, shares, strict=True):
        if share and not len(tokens):
            raise DataError(f"{source}: the {name} part holds no token; give a longer text or another fraction")


def _description(
    source: str,
    files: tuple[str | Path | None, ...],
    shares: tuple[float, ...],
    parts: list[np.ndarray],
) -> str:
    taken = [str(path) if path else f"{share:.3g} of {source}" for path, share in zip(files, shares, strict=True)]
    told = zip(_PART_NAMES, parts, (source, *taken), strict=True)
    return "; ".join(f"{name}: {len(tokens):,} tokens ({origin})" for name, tokens, origin in told)


@dataclass(frozen=True, kw_only=True)
class VaryingLength:
    """Lengths that differ from batch to batch, so that not always the same tokens end one.

    Merity, Keskar & Socher (2018), arXiv:1708.02182, section 3, and their code: the length is drawn from a normal
    distribution around the given one, with probability 0.05 around half of it. The learning rate is to be multiplied
    by the batch's length over the given one.

    Attributes
    ----------
    seed, epoch
        The lengths are the same for the same two.
    share, spread, least
        The probability of the whole length, the distribution's spread in steps, and the fewest steps.

    Examples
    --------
    >>> from itertools import islice
    >>> from recurra.data import VaryingLength
    >>> list(islice(VaryingLength(seed=0).lengths(70), 5))
    [69, 70, 71, 74, 63]
    """

    seed: int
    epoch: int = 0
    share: float = 0.95
    spread: float = 5.0
    least: int = 5

    def lengths(self, length: int, /) -> Iterator[int]:
        """Yield lengths around `length` without end."""
        random = np.random.default_rng([self.seed, self.epoch])
        while True:
            middle = length if random.random() < self.share else length / 2
            yield max(self.least, int(random.normal(middle, self.spread)))


def bptt_batches(
    tokens: np.ndarray, /, *, batch_size: int, length: int, varying: VaryingLength | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield inputs and targets, so that each batch goes on where the one before it ended.

    Zaremba, Sutskever & Vinyals (2014), arXiv:1409.2329: the text is cut into `batch_size` parts of one length, side
    by side in columns, of which a batch has the next `length` rows. The last batch has the rows that are left. What
    remains after the columns, fewer tokens than columns, is left out.

    Parameters
    ----------
    tokens
        (count,) whole numbers; may be memory-mapped.
    batch_size, length
        How many columns there are, and how many steps a batch has.
    varying
        How lengths differ; all are `length` if not given.

    Yields
    ------
    inputs, targets
        (steps, batch_size) int64; the targets are the tokens that follow the inputs.

    Raises
    ------
    DataError
        If a number is below 1, or the tokens do not give each column an input and a target.

    Examples
    --------
    >>> for inputs, targets in bptt_batches(np.arange(11), batch_size=2, length=3):
    ...     print(inputs.T.tolist(), targets.T.tolist())
    [[0, 1, 2], [5, 6, 7]] [[1, 2, 3], [6, 7, 8]]
    [[3], [8]] [[4], [9]]
    """
    if batch_size < 1 or length < 1:
        raise DataError(f"batch_size is {batch_size} and length {length}; expected whole numbers from 1 on")
    rows = len(tokens) // batch_size
    if rows < 2:
        raise DataError(
            f"{len(tokens)} tokens in {batch_size} columns leave {rows} a column; expected at least 2, an input and a "
            "target: give a longer text or a smaller batch size"
        )
    return _batches(tokens[: rows * batch_size].reshape(batch_size, rows), length, varying)


def bptt_lengths(rows: int, /, *, length: int, varying: VaryingLength | None = None) -> Iterator[int]:
    """Yield the steps of each batch that `bptt_batches` makes of columns with so many inputs.

    Examples
    --------
    >>> list(bptt_lengths(10, length=4))
    [4, 4, 2]
    """
    lengths = varying.lengths(length) if varying else None
    while rows > 0:
        steps = min(rows, next(lengths) if lengths else length)
        yield steps
        rows -= steps


def _batches(
    columns: np.ndarray, length: int, varying: VaryingLength | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    start = 0
    for steps in bptt_lengths(columns.shape[1] - 1, length=length, varying=varying):
        block = np.ascontiguousarray(columns[:, start : start + steps + 1].T, np.int64)
        yield block[:-1], block[1:]
        start += steps
