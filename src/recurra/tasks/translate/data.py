"""Pairs of texts: read and split, made into units, and the batches that a network takes."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast, final

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.data import BatchOptions, packed, split_at_random
from recurra.data.batching import Bucketed
from recurra.data.pairs import PairColumns, TextPairs, read_pairs
from recurra.errors import DataError, InputError
from recurra.tasks.model import Sources
from recurra.tasks.translate.options import TranslateOptions
from recurra.tasks.translate.units import END, START, TextUnits, UnitKind, fit_units, usual_units

__all__ = [
    "MOST_STRETCH",
    "SplitPairs",
    "TranslateBatch",
    "TranslateBatches",
    "TranslateVocabulary",
    "pairs_of",
    "split_pairs",
]

_ALIKE = 0.8
"""Share of the target's characters that the source has too, from which on one vocabulary serves both."""

_ALIKE_LENGTHS = 8
"""Units of the source to whose multiples lengths are rounded up, for how long a translation may become."""

MOST_STRETCH = 1000.0
"""Units of the target that a unit of the source may become."""

_EXTREME = 0.999
"""Share of the pairs whose targets are no longer, in units of the source, than a translation may become."""


@final
@dataclass(frozen=True, kw_only=True)
class SplitPairs:
    """The pairs of each part, how those that validate and test were chosen, and what of the training was left out."""

    training: TextPairs
    validation: TextPairs
    test: TextPairs
    how: Mapping[str, str]
    left_out: str = ""

    @functools.cached_property
    def description(self) -> str:
        """How many pairs each part has, and how they were chosen, in a sentence."""
        training, validation, test = self.training, self.validation, self.test
        said = (
            f"{len(training):,} pairs train, {len(validation):,} validate ({self.how['validation']}), "
            f"{len(test):,} test ({self.how['test']})"
        )
        dropped = sum(len(part.dropped) for part in {part.name: part for part in (validation, test, training)}.values())
        if dropped:
            said += f"; {dropped:,} with an empty side left out"
        learnt = set(zip(training.sources, training.targets, strict=True))
        again = sum(pair in learnt for pair in zip(test.sources, test.targets, strict=True))
        said = f"{said}; {again:,} of those that test are in training too" if again else said
        return said + self.left_out


def pairs_of(data: Any, options: TranslateOptions, /) -> TextPairs:
    """Read pairs as the options say; without data, from their two files.

    Raises
    ------
    DataError
        If they cannot be read; see `recurra.data.read_pairs`.
    InputError
        If there are neither data nor files.
    """
    if data is None:
        if options.source_file is None or options.target_file is None:
            raise InputError("a translator learns from pairs of texts: expected a file with them, got none")
        data = (Path(options.source_file), Path(options.target_file))
    columns = PairColumns(source=options.source, target=options.target)
    return read_pairs(data, columns=columns, format=options.table_format(), drop_empty=options.drop_empty)


def split_pairs(sources: Sources, options: TranslateOptions, /) -> SplitPairs:
    """Read the parts; what is not given is drawn from the training data, pairs of one source together.

    Raises
    ------
    DataError
        If they cannot be read, or are too few.
    """
    if sources.training is not None and options.source_file is not None:
        given = str(sources.training)
        raise InputError(f"source_file = {options.source_file!r}: expected no data beside it, got {given:.60}")
    whole = pairs_of(sources.training, options)
    given = {name: pairs_of(part, options) for name, part in sources.apart.items()}
    numbers = {text: number for number, text in enumerate(dict.fromkeys(whole.sources))}
    drawn = split_at_random(
        len(numbers),
        seed=options.seed,
        validation_fraction=0 if "validation" in given else options.validation_fraction,
        test_fraction=0 if "test" in given else options.test_fraction,
    )
    places = np.zeros(len(numbers), np.int64)
    places[drawn.validation], places[drawn.test] = 1, 2
    of_pairs = places[[numbers[text] for text in whole.sources]]
    training, *others = (whole.chosen(np.flatnonzero(of_pairs == part).tolist()) for part in range(3))
    parts = {name: given.get(name, part) for name, part in zip(("validation", "test"), others, strict=True)}
    for name, part in parts.items():
        if not len(part):
            raise DataError(
                f"{whole.name}, different sources: {len(numbers):,}, too few to take some for {name}; expected more, "
                f"or data for {name}"
            )
    how = {
        name: f"from {Path(part.name).name}" if name in given else f"drawn with seed {options.seed}"
        for name, part in parts.items()
    }
    return SplitPairs(training=training, validation=parts["validation"], test=parts["test"], how=how)


@final
@dataclass(frozen=True, kw_only=True)
class TranslateVocabulary:
    """The units of both sides, which are one object where they are joint.

    Attributes
    ----------
    source, target
        The units.
    stretch
        How many units of the target a unit of the source becomes at most.
    """

    source: TextUnits
    target: TextUnits
    stretch: float

    @property
    def is_joint(self) -> bool:
        """Whether both sides have one vocabulary."""
        return self.source is self.target

    @classmethod
    def fit(cls, pairs: TextPairs, options: TranslateOptions, /) -> Self:
        """Return the units of the pairs of the training part."""
        sides = pairs.sources, pairs.targets
        kinds = unit_kinds(pairs, options)
        if options.minimum_count is not None and set(kinds) == {"unigram"}:
            raise InputError(
                f"minimum_count = {options.minimum_count}: units of a unigram model are chosen by their likelihood, "
                "not counted; leave it out"
            )
        joint = is_joint(pairs, kinds, lowercase=options.lowercase) if options.joint is None else options.joint
        fit = functools.partial(
            fit_units, size=options.vocabulary_size, minimum_count=options.minimum_count, lowercase=options.lowercase
        )
        if joint:
            if kinds[0] != kinds[1]:
                raise InputError(f"joint = True: the units are {kinds[0]} and {kinds[1]}; expected the same for both")
            source = target = fit([*sides[0], *sides[1]], kind=kinds[0])
        else:
            source, target = (fit(side, kind=kind) for side, kind in zip(sides, kinds, strict=True))
        lengths = [np.array([len(each) for each in map(units.numbers, side)]) for units, side in
                   zip((source, target), sides, strict=True)]  # fmt: skip
        stretch = min(float(np.quantile(lengths[1] / (lengths[0] + 1), _EXTREME)), MOST_STRETCH)
        return cls(source=source, target=target, stretch=stretch)

    def most_steps(self, source: int, /) -> int:
        """Return how many units a translation of so many units, and their end, has at most.

        It is the same for lengths up to the next multiple of 8, so that texts of like lengths can be translated
        together, and each becomes what it becomes alone.
        """
        return int(1.25 * self.stretch * (-(-source // _ALIKE_LENGTHS) * _ALIKE_LENGTHS)) + 10

    def check_known(self, texts: Sequence[str], /, *, name: str, rows: Sequence[int] | None = None) -> None:
        """Refuse texts of characters that training has not seen at all.

        Raises
        ------
        DataError
            That says the first such text and its row.
        """
        wrong = [place for place, text in enumerate(texts) if not self.source.is_known(text)]
        if wrong:
            row = wrong[0] + 1 if rows is None else rows[wrong[0]]
            others = f" ({len(wrong):,} such texts)" if len(wrong) > 1 else ""
            raise DataError(
                f"{name}, row {row}: the model knows no character of {texts[wrong[0]]!r:.80}{others}; expected texts "
                "in the writing of those that it was trained on"
            )

    def check_writing(self, pairs: TextPairs, /) -> None:
        """Refuse pairs to go on learning from where of most of a side no character is known.

        Raises
        ------
        DataError
            That says the side, and the first such text with its row.
        """
        for side, units, texts in (("source", self.source, pairs.sources), ("target", self.target, pairs.targets)):
            wrong = [place for place, text in enumerate(texts) if not units.is_known(text)]
            if 2 * len(wrong) > len(texts):
                row, text = pairs.rows[wrong[0]], texts[wrong[0]]
                raise DataError(
                    f"{pairs.name}, row {row}: the earlier model knows no character of the {side} {text!r:.80} "
                    f"({len(wrong):,} such texts); expected texts in the writing of those that it was trained on"
                )

    def to_dictionary(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        target = None if self.is_joint else self.target.to_dictionary()
        return {"stretch": self.stretch, "source": self.source.to_dictionary(), "target": target}

    @classmethod
    def from_dictionary(cls, content: Mapping[str, Any], /) -> Self:
        """Return what `to_dictionary` described."""
        source = TextUnits.from_dictionary(content["source"])
        target = source if content["target"] is None else TextUnits.from_dictionary(content["target"])
        return cls(source=source, target=target, stretch=content["stretch"])


def unit_kinds(pairs: TextPairs, options: TranslateOptions, /) -> tuple[UnitKind, UnitKind]:
    """Return what a unit of each side is."""
    wanted = options.source_units or options.units, options.target_units or options.units
    texts = pairs.sources, pairs.targets
    source, target = (usual_units(side) if kind == "auto" else kind for kind, side in zip(wanted, texts, strict=True))
    return cast("UnitKind", source), cast("UnitKind", target)


def is_joint(pairs: TextPairs, kinds: tuple[UnitKind, UnitKind], /, *, lowercase: bool) -> bool:
    """Say whether both sides have units of one kind, and most characters of the target are in the source too."""
    if kinds[0] != kinds[1]:
        return False
    sides = ("".join(side) for side in (pairs.sources, pairs.targets))
    source, target = (Counter(text.lower() if lowercase else text) for text in sides)
    shared = sum(count for letter, count in target.items() if letter in source)
    return shared >= _ALIKE * target.total()


@final
@dataclass(frozen=True)
class TranslateBatch:
    """Pairs as a network takes them.

    Attributes
    ----------
    source
        The numbers of the source's units, each text with an end: rows (units,).
    targets
        (batch, steps), the numbers of the target's units from start to end, which also stands behind shorter ones.
    lengths
        (batch,), how many of them count, start and end included.
    places
        (batch,), which pair each is.
    """

    source: PackedSequence
    targets: Tensor
    lengths: Tensor
    places: tuple[int, ...]


@final
class TranslateBatches(Bucketed):
    """The batches of an epoch, in an order that a seed and the epoch give.

    Parameters
    ----------
    sources, targets
        (units,) the numbers of each text's units, without start and end.
    options
        How pairs come in batches; the units of both sides are counted.

    Examples
    --------
    >>> import numpy as np
    >>> from recurra.data import BatchOptions
    >>> from recurra.tasks.translate.data import TranslateBatches
    >>> texts = [np.array([5]), np.array([5, 6])]
    >>> batch, = TranslateBatches(texts, texts, options=BatchOptions(shuffle=False))
    >>> batch.targets.tolist(), batch.lengths.tolist(), batch.source.data.tolist()
    ([[0, 5, 6, 1], [0, 5, 1, 1]], [4, 3], [5, 5, 6, 1, 1])
    """

    def __init__(
        self, sources: Sequence[np.ndarray], targets: Sequence[np.ndarray], /, *, options: BatchOptions
    ) -> None:
        self._sources = [with_end(each) for each in sources]
        self._targets = [np.concatenate([[START], each, [END]]).astype(np.int64) for each in targets]
        read, written = (np.array([*map(len, side)], np.int64) for side in (self._sources, self._targets))
        # targets are padded and sources are packed: so those of a batch have targets of like lengths, then sources
        super().__init__(read + written, options, sizes=written * (read.max(initial=0) + 1) + read)

    def __iter__(self) -> Iterator[TranslateBatch]:
        return map(self._batch, self.places)

    def _batch(self, places: np.ndarray) -> TranslateBatch:
        chosen: list[int] = places.tolist()
        lengths = np.array([len(self._targets[place]) for place in chosen])
        targets = np.full((len(chosen), lengths.max()), END, np.int64)
        targets[np.arange(lengths.max()) < lengths[:, None]] = np.concatenate(
            [self._targets[place] for place in chosen]
        )
        return TranslateBatch(
            packed([self._sources[place] for place in chosen]),
            torch.from_numpy(targets),
            torch.from_numpy(lengths),
            tuple(chosen),
        )


def with_end(numbers: np.ndarray, /) -> np.ndarray:
    """Return the numbers of a text's units (count,) and its end."""
    return np.append(numbers, END).astype(np.int64)
