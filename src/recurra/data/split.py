"""A split: which rows train, which validate and which test: by flag, by file, by time, at random or by label."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar, final

import numpy as np

from recurra.data.panel import Panel
from recurra.errors import DataError, InputError, nearest

__all__ = [
    "PanelSplit",
    "Repeats",
    "Share",
    "Split",
    "SplitDescription",
    "is_part",
    "repeated_rows",
    "split_at_random",
    "split_by_file",
    "split_by_flag",
    "split_by_group",
    "split_by_time",
    "split_panel",
    "split_parts",
    "split_series",
]

_FLAGS = {
    **dict.fromkeys(("train", "training"), 0),
    **dict.fromkeys(("validation", "valid", "val", "dev"), 1),
    "test": 2,
}


@final
@dataclass(frozen=True, kw_only=True)
class Split:
    """The rows of each part.

    Attributes
    ----------
    train, validation, test
        (count,) int64, rows from 0 in ascending order; no row is in two parts, and only `train` is never empty.
    description
        How they were chosen, in a sentence.
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    description: str


@final
@dataclass(frozen=True, kw_only=True)
class Repeats:
    """Rows of validation and test whose content is in the training part as well: a leak.

    Attributes
    ----------
    validation, test
        (count,) int64, these rows.
    description
        What was found, in a sentence.
    """

    validation: np.ndarray
    test: np.ndarray
    description: str


def is_part(flag: str, /) -> bool:
    """Say whether a text is the name of a part, such as "train" or "dev"."""
    return flag.lower() in _FLAGS


def split_by_flag(flags: Sequence[str], /, *, source: str) -> Split:
    """Split rows by what a column says: train, validation (or valid, val, dev) or test.

    Raises
    ------
    DataError
        If a flag is another, with its data row, or none is "train".

    Examples
    --------
    >>> split_by_flag(['train', 'test', 'train', 'dev'], source='a.csv').validation
    array([3])
    """
    for row, flag in enumerate(flags, 1):
        if flag.lower() not in _FLAGS:
            raise DataError(
                f"{source}, data row {row}: {flag!r} is no part; expected train, validation or test"
                f"{nearest(flag, _FLAGS)}"
            )
    return _split(np.array([_FLAGS[flag.lower()] for flag in flags], np.int64), f"as a column of {source} says")


def split_by_file(train: int, /, *, validation: int = 0, test: int = 0) -> Split:
    """Split rows that stand one after the other and come from a file a part: how many each has.

    Examples
    --------
    >>> split_by_file(3, test=2).test
    array([3, 4])
    """
    return _split(np.repeat(np.arange(3), (train, validation, test)), "each part from its own file")


def split_by_time(times: np.ndarray, /, *, validation_fraction: float = 0.1, test_fraction: float = 0.1) -> Split:
    """Split rows by their times (count,), in any order: the last ones test, those before them validate.

    Rows of one time are in one part, that of the first of them.

    Examples
    --------
    >>> import numpy as np
    >>> split_by_time(np.arange(10), validation_fraction=0.2, test_fraction=0.2).test
    array([8, 9])
    """
    _check_fractions(validation_fraction, test_fraction)
    _, positions = np.unique(times, return_inverse=True)
    first = np.searchsorted(np.sort(positions), positions) / max(len(times), 1)
    shares = np.array([1 - validation_fraction - test_fraction, 1 - test_fraction]) - 1e-12
    return _split(np.searchsorted(shares, first, side="right"), "by time, the last rows test")


def split_at_random(
    count: int,
    /,
    *,
    seed: int,
    validation_fraction: float = 0.1,
    test_fraction: float = 0.1,
    labels: Sequence[Hashable] | np.ndarray | None = None,
) -> Split:
    """Split rows at random, the same for the same seed.

    Parameters
    ----------
    count
        How many rows there are.
    seed
        A whole number from 0 on.
    validation_fraction, test_fraction
        The parts' shares.
    labels
        (count,) each row's label; then each part has its share of every label, to one row (stratified), and each
        label is in the training part.

    Raises
    ------
    DataError
        If the fractions are no shares, or leave nothing to train on.

    Examples
    --------
    >>> parts = split_at_random(10, seed=0, labels=[0] * 5 + [1] * 5, validation_fraction=0, test_fraction=0.4)
    >>> len(parts.train), (parts.test < 5).sum()
    (6, np.int64(2))
    """
    _check_fractions(validation_fraction, test_fraction)
    random = np.random.default_rng(seed)
    order = random.permutation(count)
    kept = 0
    if labels is not None:
        order, kept = _by_label(order, labels)
    parts = np.zeros(count, np.int64)
    left = order[kept:]
    test = _every(len(left), test_fraction * count / max(len(left), 1), random)
    parts[left[test]] = 2
    rest = left[~test]
    parts[rest[_every(len(rest), validation_fraction * count / max(len(rest), 1), random)]] = 1
    how = "at random, of each label its share" if labels is not None else "at random"
    return _split(parts, f"{how}, seed {seed}")


def split_by_group(
    groups: Sequence[Hashable], /, *, seed: int, validation_fraction: float = 0.1, test_fraction: float = 0.1
) -> Split:
    """Split rows at random so that no group, such as a speaker, is in two parts.

    A part gets whole groups until it has its share, at least one, and never the last one that is left.

    Parameters
    ----------
    groups
        (count,) each row's group.
    seed
        A whole number from 0 on.
    validation_fraction, test_fraction
        The parts' shares of the rows; a part with 0 stays empty.

    Raises
    ------
    DataError
        If the fractions are no shares, or there are fewer groups than parts.

    Examples
    --------
    >>> parts = split_by_group(["ann", "ann", "bob", "cy", "cy"], seed=0, validation_fraction=0.2, test_fraction=0.2)
    >>> len(parts.train) + len(parts.validation) + len(parts.test)
    5
    """
    _check_fractions(validation_fraction, test_fraction)
    names = list(dict.fromkeys(groups))
    shares = {part: share for part, share in ((2, test_fraction), (1, validation_fraction)) if share}
    if len(names) <= len(shares):
        raise DataError(f"there are {len(names)} groups for {len(shares) + 1} parts; expected one for each at least")
    numbers = {name: number for number, name in enumerate(names)}
    members = np.array([numbers[each] for each in groups], np.int64)
    counts, order = np.bincount(members), np.random.default_rng(seed).permutation(len(names)).tolist()
    parts = np.zeros(len(names), np.int64)
    for place, (part, share) in enumerate(shares.items(), 1):
        rows = 0
        while rows < share * len(members) and len(order) > len(shares) - place + 1:
            group = order.pop()
            parts[group] = part
            rows += int(counts[group])
    return _split(parts[members], f"at random by group, seed {seed}")


@final
@dataclass(frozen=True, kw_only=True)
class SplitDescription:
    """How sequences were split.

    Attributes
    ----------
    things
        What messages call them.
    drawn
        How "validation" and "test" were drawn; empty where they were not.
    left_out, too_short
        What of the data is in no part: what could not be read, and what could not be learnt from.
    """

    things: str
    drawn: Mapping[str, str]
    left_out: str = ""
    too_short: str = ""

    def of(self, parts: Mapping[str, Sized], /) -> str:
        """Say it of parts as they are, in a sentence."""
        return (
            f"{len(parts['training']):,} {self.things} train, {len(parts['validation']):,} choose the "
            f"weights{self.drawn['validation']}, {len(parts['test']):,} test{self.drawn['test']}{self.left_out}"
            f"{self.too_short}"
        )


class _Sequences(Protocol):
    """Sequences that may say which part each is of, and which belong together."""

    @property
    def source(self) -> str: ...
    @property
    def flags(self) -> Sequence[str] | None: ...
    @property
    def groups(self) -> Sequence[Hashable] | None: ...
    @property
    def dropped(self) -> Sequence[Any]: ...
    def __len__(self) -> int: ...
    def part(self, places: np.ndarray, /) -> Self: ...


_Part = TypeVar("_Part", bound=_Sequences)


def split_parts(
    whole: _Part,
    apart: Mapping[str, _Part],
    /,
    *,
    seed: int,
    fractions: Mapping[str, float],
    things: str,
    row: str = "row",
    labels: Callable[[_Part], np.ndarray | None] = lambda _: None,
) -> tuple[dict[str, _Part], SplitDescription]:
    """Split sequences as their flags say and by what is given apart; what is then missing is drawn from the training.

    Parameters
    ----------
    whole, apart
        The sequences, and parts with data of their own: "validation", "test".
    seed, fractions
        Of what is drawn, whole groups where there are some; the share of each part.
    things, row
        What messages call sequences, and each that was left out of the data.
    labels
        Returns (count,) labels of which each part that is drawn has its share; None for none.

    Returns
    -------
    parts, description
        By "training", "validation" and "test"; how they were split.

    Raises
    ------
    DataError
        If there are too few to draw from.
    InputError
        If a part is given both as data of its own and by flags.
    """
    nothing = np.empty(0, np.int64)
    parts = {"training": whole, "validation": whole.part(nothing), "test": whole.part(nothing)}
    if whole.flags is not None:
        flagged = split_by_flag(whole.flags, source=whole.source)
        places = {"training": flagged.train, "validation": flagged.validation, "test": flagged.test}
        parts = {name: whole.part(each) for name, each in places.items()}
    for name, part in apart.items():
        if len(parts[name]):
            raise InputError(f"{name}: {whole.source} has such rows, and separate data were given; expected one")
        parts[name] = part
    training, missing = parts["training"], [name for name in ("validation", "test") if not len(parts[name])]
    how = ""
    if missing:
        shares = {f"{name}_fraction": share if name in missing else 0.0 for name, share in fractions.items()}
        if training.groups is not None:
            how, drawn = "by group", split_by_group(training.groups, seed=seed, **shares)
        else:
            known = labels(training)
            drawn = split_at_random(len(training), seed=seed, labels=known, **shares)
            how = "at random" if known is None else "by label"
        places = {"validation": drawn.validation, "test": drawn.test}
        for name in missing:
            if not len(places[name]):
                raise DataError(
                    f"{training.source} has {len(training)} {things}, too few to take a part for {name} from; give "
                    f"more, or {name} data of their own"
                )
            parts[name] = training.part(places[name])
        parts["training"] = training.part(drawn.train)
    said = {name: f" (drawn {how}, seed {seed})" if name in missing else "" for name in ("validation", "test")}
    dropped = sum(len(part.dropped) for part in (whole, *apart.values()))
    left_out = f", {dropped:,} {row}{'s' * (dropped != 1)} left out as incomplete or unusable" if dropped else ""
    return parts, SplitDescription(things=things, drawn=said, left_out=left_out)


def repeated_rows(parts: Split, keys: Sequence[Hashable], /) -> Repeats:
    """Return the rows of validation and test whose keys (rows,), such as their texts, are in the training part too."""
    known = {keys[row] for row in parts.train.tolist()}
    held_out = (parts.validation, parts.test)
    found = [np.array([row for row in part.tolist() if keys[row] in known], np.int64) for part in held_out]
    total, count = sum(map(len, held_out)), sum(map(len, found))
    description = f"{count} of {total} rows of validation and test are in the training part too"
    if count:
        first = int(np.concatenate(found)[0])
        description += f", the first is data row {first + 1}: {str(keys[first])[:60]!r}"
    return Repeats(validation=found[0], test=found[1], description=description)


def _split(numbers: np.ndarray, how: str) -> Split:
    """Return the rows of each part from their parts' numbers (count,): 0, 1 or 2."""
    train, validation, test = (np.flatnonzero(numbers == part) for part in range(3))
    sizes = f"{len(train):,} rows train, {len(validation):,} validate, {len(test):,} test"
    if not len(train):
        raise DataError(f"no row is left to train on: {sizes} ({how})")
    return Split(train=train, validation=validation, test=test, description=f"{sizes}; {how}")


def _check_fractions(validation: float, test: float) -> None:
    if min(validation, test) < 0 or validation + test >= 1:
        raise DataError(
            f"the fractions for validation and test are {validation} and {test}; expected two from 0 on whose sum is "
            "below 1"
        )


def _by_label(order: np.ndarray, labels: Sequence[Hashable] | np.ndarray) -> tuple[np.ndarray, int]:
    """Return the rows by label, before them one of each label, and how many of those there are."""
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    found = np.array([numbers[label] for label in labels], np.int64)[order]
    _, first = np.unique(found, return_index=True)
    others = np.setdiff1d(np.arange(len(order)), first)
    others = others[np.argsort(found[others], kind="stable")]
    return order[np.concatenate([first, others])], len(first)


def _every(count: int, share: float, random: np.random.Generator) -> np.ndarray:
    """Choose of a row of `count` a share at equal distances, (count,) bool: systematic sampling."""
    reached = np.floor(np.arange(count + 1) * min(share, 1.0) + random.random())
    return np.diff(reached) > 0


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many rows a part takes: a number of them, or else a share of all."""

    fraction: float
    rows: int | None = None

    def of(self, rows: int, /, *, horizon: int) -> int:
        """Return how many of so many rows these are: at least a horizon."""
        return max(horizon, round(self.fraction * rows) if self.rows is None else self.rows)


@dataclass(frozen=True, kw_only=True)
class PanelSplit:
    """Of each series rows [0, train) train, [train, validation) validate, [validation, test) test; each (series,)."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def split_series(
    rows: int, /, *, window: int, horizon: int, validation: Share, test: Share, source: str
) -> tuple[int, int, int]:
    """Split the rows of a series by time, without leaks: what is forecast in one part is in no other part.

    Parameters
    ----------
    rows
        How many rows there are.
    window, horizon
        How many rows a forecast looks at, and how many it gives.
    validation, test
        The parts' shares; a part has at least `horizon` rows.
    source
        What messages call the table.

    Returns
    -------
    train, validation, test
        The row after the last of each part.

    Raises
    ------
    DataError
        If the rows left for training do not hold one window and one horizon.
    """
    ends = _ends(rows, horizon, validation, test)
    if ends[0] < window + horizon:
        raise DataError(
            f"{source} has {rows} rows; a window of {window} and a horizon of {horizon} need at least "
            f"{_needed(window, horizon, validation, test)}: {window} + {horizon} for training, and parts for "
            f"validation and test; give more rows, a smaller window or horizon"
        )
    return ends


def split_panel(panel: Panel, /, *, window: int, horizon: int, validation: Share, test: Share) -> PanelSplit:
    """Split each series of a panel by time.

    A series that is too short to have three parts trains with all its rows.

    Raises
    ------
    DataError
        If even the longest series does not hold one window and one horizon for training.

    Examples
    --------
    >>> import polars
    >>> from recurra.data import Share, read_panel, split_panel
    >>> panel = read_panel(polars.DataFrame({"t": range(100), "y": range(100)}))
    >>> tenth = Share(fraction=0.1)
    >>> split = split_panel(panel, window=20, horizon=5, validation=tenth, test=tenth)
    >>> split.train, split.validation, split.test
    (array([80]), array([90]), array([100]))
    """
    longest = int(panel.known.max())
    series = f", its longest series {panel.ids[int(panel.known.argmax())]!r}," if len(panel) > 1 else ""
    split_series(
        longest, window=window, horizon=horizon, validation=validation, test=test, source=panel.source + series
    )
    ends = [(rows, *_ends(rows, horizon, validation, test)) for rows in panel.known.tolist()]
    parts = np.array([found if found[0] > horizon else (rows, rows, rows) for rows, *found in ends])
    return PanelSplit(train=parts[:, 0], validation=parts[:, 1], test=parts[:, 2])


def _ends(rows: int, horizon: int, validation: Share, test: Share) -> tuple[int, int, int]:
    """Return the row after the last of each part."""
    tested, validated = test.of(rows, horizon=horizon), validation.of(rows, horizon=horizon)
    return rows - tested - validated, rows - tested, rows


def _needed(window: int, horizon: int, validation: Share, test: Share) -> int:
    """Return the fewest rows that can be split."""
    rows = window + 3 * horizon
    while rows - sum(share.of(rows, horizon=horizon) for share in (validation, test)) < window + horizon:
        rows = max(rows + 1, math.ceil(rows * 1.0001))
    return rows
