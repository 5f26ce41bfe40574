"""The formats of export: their names, what one is, and the options that one may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from recurra.errors import ExportError, InputError, nearest
from recurra.public import lacking

if TYPE_CHECKING:
    from recurra.export.checking import Artefact, CheckedSequences, RunValues
    from recurra.export.description import ExportedModel

__all__ = ["FORMATS", "ExportFormat", "ExportOptions", "format_named", "format_of", "suffixes"]

FORMATS: Mapping[str, str] = {
    "c": "c_format.CFormat",
    "js": "js_format.JsFormat",
    "object": "object_format.ObjectFormat",
    "onnx": "onnx_format.OnnxFormat",
    "wasm": "wasm_format.WasmFormat",
}
"""Name of a format -> its file here and its class."""

_SUFFIXES = {"o": "object"}
"""Suffix of a file -> the format, where that is called otherwise."""


@dataclass(frozen=True)
class ExportOptions:
    """How a model is written.

    Attributes
    ----------
    name : str
        An identifier, with which names in the artefact begin.
    file : str
        The name of its files, without a suffix.
    weights : ``"float32"`` or ``"int8"``
    streaming : bool
        Whether a run is one step, where a format has one or the other.
    lengths : bool
        Whether the lengths of the sequences of a batch are an input.
    target : str, optional
        The processor that an object is for.
    training : bool
        Whether it trains: derived backpropagation through time stands beside the forward pass.
    page : bool
        Whether a page comes with it, in which the model hears.
    """

    name: str
    file: str
    weights: str = "float32"
    streaming: bool = False
    lengths: bool = False
    target: str | None = None
    training: bool = False
    page: bool = False


class ExportFormat(Protocol):
    """A format: how a model is written in it, and how what was written is run.

    Attributes
    ----------
    suffixes : tuple of str
        Of the files, the first one names the format.
    options : frozenset of str
        Which of `ExportOptions` it has beside `name`.
    tolerance : float
        How far a check may be off.
    has_attention : bool
        Whether it can write a step that asks all steps of a sequence.
    """

    suffixes: tuple[str, ...]
    options: frozenset[str]
    tolerance: float
    has_attention: bool

    def files(
        self, model: ExportedModel, options: ExportOptions, test: tuple[CheckedSequences, RunValues]
    ) -> Mapping[str, bytes]:
        """Return the bytes of each file by its suffix; `test` are sequences and their results to bring along."""
        ...

    def load(self, file: Path, model: ExportedModel, options: ExportOptions) -> Artefact:
        """Return what was written to `file`, the first one, so that it can be run."""
        ...


def format_of(name: str) -> ExportFormat:
    """Return the format of a name."""
    if name not in FORMATS:
        raise InputError(f"to: got {name!r}, expected one of {list(FORMATS)}{nearest(name, FORMATS)}")
    file, _, kind = FORMATS[name].partition(".")
    try:
        made: Callable[[], Any] = getattr(import_module(f"recurra.export.{file}"), kind)
    except ModuleNotFoundError as error:
        if not lacking(error):
            raise
        raise ExportError(f"to={name!r} needs {lacking(error)}") from error
    return made()


def suffixes() -> list[str]:
    """Return the suffix that says a format, of each."""
    others = {format: suffix for suffix, format in _SUFFIXES.items()}
    return [f".{others.get(format, format)}" for format in FORMATS]


def format_named(file: Path) -> str:
    """Return the format that the suffix of a file says, or an empty text where it says none."""
    suffix = file.suffix.removeprefix(".")
    found = _SUFFIXES.get(suffix, suffix)
    return found if found in FORMATS else ""
