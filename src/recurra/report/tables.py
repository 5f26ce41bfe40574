"""The tables of every report: options, environment, times, columns with gaps."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from recurra import __version__
from recurra.messages import translated
from recurra.report.blocks import Bar, Table
from recurra.report.numbers import counted, percent, plain

__all__ = ["duration", "environment_table", "missing_table", "options_tables", "timing_table"]


def options_tables(
    options: Mapping[str, object], /, *, defaults: Mapping[str, object], given: Mapping[str, object]
) -> tuple[Table, Table]:
    """List the options that are not at their default, and, folded, those that are.

    Parameters
    ----------
    options
        All of them, as the model was trained.
    defaults
        By name.
    given
        Those that a person set, before anything was filled in from the data: they are marked.
    """
    unlike = [name for name, value in options.items() if name not in defaults or defaults[name] != value]
    ours = {name for name in unlike if name in given and given[name] != defaults.get(name)}
    rows = (
        (name, _text(options[name]), _text(defaults.get(name)), translated("you" if name in ours else "the data"))
        for name in unlike
    )
    rest = tuple((name, _text(value)) for name, value in options.items() if name not in unlike)
    chosen = Table(
        title="Options",
        header=("option", "value", "default", "chosen by"),
        rows=tuple(rows),
        marked=frozenset(row for row, name in enumerate(unlike) if name in ours),
        mark="Given to this training",
        caption="" if unlike else "All are at their defaults.",
        width="half",
    )
    count = counted(len(rest), "option")
    return chosen, Table(
        title="", header=("option", "default"), rows=rest, width="half", folded=f"{count} at the default"
    )


def environment_table(*, date: str, threads: int, packages: tuple[str, ...] = ("torch", "numpy")) -> Table:
    """List what the model was trained with: versions, processor, system.

    Parameters
    ----------
    date
        When it was trained, as it shall be read.
    threads
        Threads of torch.
    packages
        Whose versions are listed; one that is not installed is left out.
    """
    rows = [
        ("recurra", __version__),
        *((name, known) for name in packages if (known := _version(name))),
        ("Python", platform.python_version()),
        ("processor", _processor()),
        ("processor cores", f"{os.cpu_count()}"),
        ("threads of torch", f"{threads}"),
        ("system", f"{platform.system()} {platform.release()} ({platform.machine()})"),
        ("trained", date),
    ]
    return Table(title="Environment", header=("what", "which"), rows=tuple(rows), width="half", is_of_words=True)


def timing_table(seconds: Mapping[str, float], /) -> Table:
    """List how long the parts of a run took, in seconds, each with its share of all."""
    total = sum(seconds.values())
    rows = [(name, Bar(duration(taken), taken / total if total else 0.0)) for name, taken in seconds.items()]
    return Table(
        title="Time",
        header=("part", "time"),
        rows=tuple(rows),
        caption=f"Together {duration(total)}.",
        width="half",
        is_of_words=True,
    )


def missing_table(shares: Mapping[str, float], /) -> Table:
    """List the share of each column's values that are missing, from 0 to 1, the largest first."""
    columns = sorted(shares, key=lambda name: -shares[name])
    gaps = sum(share > 0 for share in shares.values())
    return Table(
        title="Missing values",
        header=("column", "missing"),
        rows=tuple((name, Bar(percent(shares[name]), shares[name])) for name in columns),
        caption=f"{gaps} of {len(shares)} columns have gaps." if gaps else "No column has gaps.",
        width="half",
    )


def _text(value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(map(_text, value)) or "–"
    return f"{value:g}" if isinstance(value, float) else f"{value}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    """Return the processor's name: Linux has it in a file, other systems tell it to Python."""
    file = Path("/proc/cpuinfo")
    if sys.platform == "linux" and file.is_file():
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def duration(seconds: float, /) -> str:
    """Write a time in the unit that it is read in.

    Examples
    --------
    >>> from recurra.report import duration
    >>> duration(0.000322), duration(0.25), duration(61.5), duration(600)
    ('322 µs', '250 ms', '61.5 s', '10 min')
    """
    if 0 < seconds < 0.001:
        return f"{plain(1e6 * seconds, digits=3)} µs"
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 120:
        return f"{plain(seconds, digits=3)} s"
    minutes = seconds / 60
    return f"{plain(minutes, digits=3)} min" if minutes < 120 else f"{plain(minutes / 60, digits=3)} h"
