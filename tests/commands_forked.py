"""Commands of recurra, each in a process of its own that need not import torch and the tasks once more.

They are forked from one process that has imported all that a command may need, and has run nothing.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

__all__ = ["Done", "run_forked", "start_forked"]

_IMPORTED = (
    "recurra.cli.main", "recurra.nn", "recurra.diagnose", "recurra.plan", "recurra.report",
    "recurra.tasks.forecast.estimator", "recurra.tasks.language.estimator", "recurra.tasks.classify.estimator",
    "recurra.tasks.tag.estimator",
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def run_forked(arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> Done:
    """Run `recurra` with arguments in a folder, with nothing to read and these variables beside those there are."""
    with tempfile.TemporaryDirectory() as printed:
        files = tuple(str(Path(printed, name)) for name in ("out", "err"))
        process = _server().Process(target=_command, args=(tuple(arguments), str(folder), dict(environment), files))
        process.start()
        process.join()
        out, err = (Path(name).read_text(encoding="utf-8") for name in files)
    assert process.exitcode is not None
    return Done(process.exitcode, out, err)


def start_forked(arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], name: str) -> Any:
    """Start `recurra` with arguments in a folder, where what it prints goes to NAME.out and NAME.err; return it."""
    files = tuple(str(folder / f"{name}.{kind}") for kind in ("out", "err"))
    process = _server().Process(target=_command, args=(tuple(arguments), str(folder), dict(environment), files))
    process.start()
    return process


@functools.cache
def _server() -> ForkServerContext:
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(list(_IMPORTED))
    return server


def _command(arguments: tuple[str, ...], folder: str, environment: dict[str, str], files: tuple[str, str]) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in enumerate(files, start=1):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), number)
    os.chdir(folder)
    os.environ.update(environment)
    sys.argv = ["recurra", *arguments]
    from recurra.cli.main import main

    main()
