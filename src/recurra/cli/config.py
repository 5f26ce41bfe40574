"""The `config.yaml` of a model, read to repeat its training."""

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
        If it cannot be read, is none, or is of another task.
    """
    import yaml

    try:
        known = yaml.safe_load(path.read_bytes())
    except OSError as error:
        raise InputError(f"--config: {path} cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"--config: {path} is no YAML: {str(error).partition(chr(10))[0]}") from None
    if not isinstance(known, dict) or not all(isinstance(known.get(name), kind) for name, kind in _FIELDS.items()):
        raise InputError(f"--config: {path} is not the config.yaml of a model: expected {', '.join(_FIELDS)} in it")
    if known["task"] not in tasks:
        raise InputError(f"--config: {path} is of the task {known['task']!r}; expected {' or '.join(tasks)}")
    return known
