"""The `config.yaml` of a model, read to repeat its training; a cell of one's own is that of its `cell.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recurra.errors import InputError

__all__ = ["read_config"]

_FIELDS = {"task": str, "data": dict, "options": dict}


def read_config(path: Path, /, *, tasks: tuple[str, ...]) -> dict[str, Any]:
    """Read the `config.yaml` of a model.

    Parameters
    ----------
    path
        The file.
    tasks
        The tasks that it may be of.

    Raises
    ------
    InputError
        If it cannot be read, is none, is of another task, or has an option that the task does not know.
    """
    from recurra.data.files import read_regular
    from recurra.tasks.cell_choice import is_own_cell
    from recurra.tasks.options import check_known
    from recurra.tasks.registry import TASKS
    from recurra.training.model_folder import CELL, LARGEST_TEXT, plain_yaml

    try:
        known = plain_yaml(read_regular(path, largest=LARGEST_TEXT, may_be_link=True))
    except OSError as error:
        raise InputError(f"--config: {path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InputError(f"--config: {path} is no YAML: {error}") from None
    if not isinstance(known, dict) or not all(isinstance(known.get(name), kind) for name, kind in _FIELDS.items()):
        raise InputError(f"--config: {path} is not the config.yaml of a model: expected {', '.join(_FIELDS)} in it")
    if known["task"] not in tasks:
        raise InputError(f"--config: {path} is of the task {known['task']!r}; expected {' or '.join(tasks)}")
    options, cell = known["options"], path.resolve().with_name(CELL)
    check_known(options, TASKS[known["task"]].options_class(), source=f"--config: {path}")
    if cell.is_symlink():
        raise InputError(f"--config: {cell} is a link; a model folder has none")
    if cell.exists() or is_own_cell(str(options.get("cell"))):
        # the file that the model's cell came from may be anybody's by now, and is not run: its equations are data
        known["options"] = {**options, "cell": str(cell)}
    if not all(isinstance(part, str | None) for part in known["data"].values()):
        raise InputError(f"--config: {path} names data that are no paths: expected texts")
    return known
