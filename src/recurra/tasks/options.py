"""The options that every task has: the recurrent network and its training; which of them a warm start keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Annotated, Any, Literal, TypeVar

from recurra.data import TableFormat
from recurra.errors import DataError, InputError, nearest
from recurra.training.option_fields import Among, Around, Between, Described, option_fields
from recurra.training.options import TrainingOptions

__all__ = [
    "DATA", "NETWORK", "SHARES", "TableOptions", "TaskOptions", "check_heads", "check_known", "check_shares",
    "fraction", "shapes_network", "share", "size", "warm_started",
]  # fmt: skip

DATA, NETWORK = "Data", "Network"
"""The headings of the options of the data and of the network."""

SHARES = ("validation_fraction", "test_fraction")
"""The options that say how data are divided, where a task has them."""

_TAB = "\t"
_SHAPES_NETWORK = "shapes_network"

Value = TypeVar("Value")


def shapes_network(default: Value, /) -> Value:
    """Return the field of an option that shapes the network or the vocabulary that goes with it, given its default.

    A warm start keeps such options as they were. A class that names the option again, with another default, need not
    say it again.
    """
    return field(default=default, metadata={_SHAPES_NETWORK: True})


def share(help: str, panel: str, /) -> Described:
    """Describe a share of what is set to zero or changed: from 0 on, below 1."""
    return Described(help, panel, minimum=0, below=1)


def fraction(help: str, panel: str, /) -> Described:
    """Describe a share of the data: above 0, below 1."""
    return Described(help, panel, above=0, below=1)


def size(help: str, panel: str, /) -> Described:
    """Describe how many features something has: from 1 to 65,536."""
    return Described(help, panel, minimum=1, maximum=65_536)


@dataclass(frozen=True, kw_only=True)
class TaskOptions(TrainingOptions):
    """A recurrent network and how it is trained; each task's options add its own, and other defaults.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds.
    """

    cell: Annotated[
        str,
        Described(
            "Name of a cell (see `recurra cells`), or your own as file.py:Name.",
            NETWORK,
            space=Among(("GRU", "LSTM", "MGU", "MinGRU")),
        ),
    ] = shapes_network("GRU")
    hidden_size: Annotated[
        int, Described("Size of the state.", NETWORK, minimum=1, maximum=65_536, space=Around(4))
    ] = shapes_network(32)
    layers: Annotated[
        int,
        Described("Recurrent layers, one on top of the other.", NETWORK, minimum=1, maximum=100, space=Between(1, 3)),
    ] = shapes_network(1)
    dropout: Annotated[
        float,
        Described("Share of the outputs set to zero in training.", NETWORK, minimum=0, below=1, space=Between(0, 0.6)),
    ] = 0.2


@dataclass(frozen=True, kw_only=True)
class TableOptions(TaskOptions):
    """A task on tables, and how those are written that are texts (CSV, TSV).

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds, or the encoding or the separator is none.
    """

    encoding: Annotated[
        str,
        Described("Encoding of text files, such as latin-1 or gb18030; a byte order mark of UTF-16 is seen.", DATA),
    ] = "utf-8"
    header: Annotated[
        bool, Described("Whether a table's first line names its columns; else they are 1, 2, ...", DATA)
    ] = True
    separator: Annotated[
        str | None, Described("What separates the cells of a CSV file, tab for a tab; found if not given.", DATA)
    ] = None
    decimal: Annotated[Literal[".", ","], Described("What stands before the decimals of numbers in texts.", DATA)] = "."

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            self.table_format()
        except DataError as error:
            raise InputError(str(error)) from None

    def table_format(self) -> TableFormat:
        """Return how tables of text are written."""
        separator = _TAB if self.separator in ("tab", r"\t") else self.separator
        return TableFormat(encoding=self.encoding, header=self.header, separator=separator, decimal=self.decimal)


Options = TypeVar("Options", bound=TaskOptions)


def warm_started(options: Options, earlier: Options, /) -> Options:
    """Return the options of a training that goes on from an earlier model: what shapes its network is as it was.

    Raises
    ------
    InputError
        If one of those options is neither the default nor what the earlier model has.

    Examples
    --------
    >>> from recurra.tasks.options import TaskOptions, warm_started
    >>> warm_started(TaskOptions(epochs=3), TaskOptions(hidden_size=8)).hidden_size
    8
    """
    kept: dict[str, Any] = {}
    for each in fields(options):
        # any class above may have said it: a new default makes a new field, without what the old one said
        said = [kind.__dataclass_fields__.get(each.name) for kind in type(options).__mro__ if is_dataclass(kind)]
        if not any(one is not None and _SHAPES_NETWORK in one.metadata for one in said):
            continue
        given, known = getattr(options, each.name), getattr(earlier, each.name)
        if given not in (known, each.default):
            raise InputError(
                f"{each.name} = {given!r}: the earlier model has {known!r}, and goes on with it; leave it out"
            )
        kept[each.name] = known
    return replace(options, **kept)


def check_known(given: Mapping[str, Any], options_class: type, /, *, source: str) -> None:
    """Refuse options that there are not, as a file may have them; `source` is the file.

    Raises
    ------
    InputError
        That names the first of them, and the option that it may stand for.
    """
    known = [field.name for field in option_fields(options_class)]
    for name in given:
        if name not in known:
            short = str(name)[:100]
            raise InputError(f"{source} has the option {short!r}, which is none{nearest(short, known)}")


def check_heads(options: Any, /) -> None:
    """Refuse heads that do not divide what self-attention looks at; `InputError` says both."""
    features = (2 if options.bidirectional else 1) * options.hidden_size
    if options.self_attention and features % options.heads:
        raise InputError(f"heads = {options.heads}: self_attention has {features} features; expected a divisor of them")


def check_shares(options: Any, /, *, of: str, names: Collection[str] = SHARES) -> None:
    """Refuse shares of the data that leave none for training.

    Parameters
    ----------
    options
        Options with shares.
    of
        What they are shares of, with its verb: "rows are".
    names
        The options that give the shares.

    Raises
    ------
    InputError
        If they are 1 together, or more.
    """
    shares = {name: getattr(options, name) for name in names}
    together = sum(shares.values())
    if together >= 1:
        given = " and ".join(f"{name} = {share}" for name, share in shares.items())
        raise InputError(f"{given}: together {together:g}; expected less than 1, so that {of} left for training")
