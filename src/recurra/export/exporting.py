"""`export` writes a model in a format, `check_export` compares what is written with the model."""

from __future__ import annotations

import json
import keyword
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

from recurra import __version__
from recurra.errors import ExportError, InputError
from recurra.export.checking import (
    ExportReport,
    TrainingArtefact,
    checked_sequences,
    compared,
    compared_gradients,
    expected,
    expected_gradients,
    gradient_rounding,
    rounding_of,
    short_sequences,
    weighted_sequences,
)
from recurra.export.description import WEIGHTS, ExportedDirection, ExportedEmbedding, ExportedModel
from recurra.export.formats import ExportFormat, ExportOptions, format_named, format_of, suffixes

__all__ = ["check_export", "export"]


_ROUNDINGS = 4
"""Times what float32 does to a model, in the same sums in another order, for which nobody is to blame."""


def export(
    model: Any,
    out: str | Path,
    *,
    to: str | None = None,
    name: str | None = None,
    weights: str = "float32",
    streaming: bool = False,
    lengths: bool = False,
    target: str | None = None,
    training: bool = False,
    page: bool = False,
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write a model as code, or in a format, that runs without Python and without recurra.

    It computes in float32 what the model gives in evaluation. Files are written whole or not at all.

    Parameters
    ----------
    model : a layer of `recurra.nn`, a `recurra.nn.Sequential`, a trained model of a task, or any other `Exportable`
    out : path
        The file, such as ``model.c``; others of the format lie beside it. Of a model that reads one sequence and writes
        another, ``model.onnx`` is two: ``model.encoder.onnx`` and ``model.decoder.onnx``. Beside that of a task's model
        lies a ``.json`` with all that is to be known to make its inputs from data and to read its outputs.
    to : ``"c"``, ``"js"``, ``"onnx"``, ``"object"`` or ``"wasm"``
        The format; by default what the suffix of `out` says.
    name : str, optional
        With which names in the code begin; by default that of the file.
    weights : ``"float32"`` or ``"int8"``
        Of matrix products: int8 has one scale for each output of a matrix, as `quantised` of a layer makes it.
    streaming : bool
        For ONNX: whether the graph is one step of each sequence, rather than all steps. Code has a function for each.
    lengths : bool
        For ONNX: whether the lengths of the sequences of a batch are an input.
    target : str, optional
        For an object: the processor, such as ``"thumbv7em"``, ``"aarch64"``, ``"riscv32"`` or ``"x86_64"``, or a triple
        of LLVM's; by default this machine's kind.
    training : bool
        For JavaScript: whether the model can be trained there: its parameters can be written, and there is derived
        backpropagation through time.
    page : bool
        For WebAssembly, of a classifier of sounds: whether there is also a page, one file that needs no network, in
        which it hears the microphone or a recording.
    overwrite : bool
        Whether files that are there already are written over.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    ExportError
        If the model or a part of it cannot be exported, or a file is there already.
    InputError
        If an option is none of the format's.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from recurra.nn import GRU
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [file.name for file in export(GRU(3, 5), Path(folder) / 'gru.c')]
    ...
    ['gru.c', 'gru.h']
    """
    if not hasattr(model, "exported"):
        raise ExportError(
            f"{type(model).__name__}: models of this kind cannot be exported; the trained models of the tasks can, "
            "layers of recurra.nn, and a recurra.nn.Sequential of layers and what stands before and behind them"
        )
    out = Path(out)
    if out.name in ("", ".."):
        raise InputError(f"out: {out} is a folder; expected the name of a file")
    to = to or format_named(out)
    if not to:
        raise InputError(
            f"out: {out} names no format; expected one of the suffixes {', '.join(suffixes())}, or to=, on "
            "the command line --to"
        )
    chosen = {"weights": weights, "streaming": streaming, "lengths": lengths, "target": target, "training": training,
              "page": page}  # fmt: skip
    written, options = _chosen(out, to, name, **chosen)
    described: ExportedModel = model.exported(weights=weights)
    _refuse_nan(described)
    if described.attends and not written.has_attention:
        raise ExportError(
            f"{described.title}: it has attention, which asks all of a sequence at each step: to={to!r} cannot say "
            "that, to='onnx' can"
        )
    stem = out.with_suffix("") if out.suffix in written.suffixes else out
    tables = {TABLES: _tables(described)} if described.tables else {}
    sequences = short_sequences(described)
    files = {**written.files(described, options, (sequences, expected(described, sequences))), **tables}
    paths = {suffix: stem.with_name(stem.name + suffix) for suffix in files}
    taken = [str(path) for suffix, path in paths.items() if path.exists() and not _has(path, tables.get(suffix))]
    if taken and not overwrite:
        raise ExportError(f"{', '.join(taken)}: already there; overwrite=True, on the command line --overwrite")
    if folders := [str(path) for path in paths.values() if path.is_dir()]:
        raise ExportError(f"{', '.join(folders)}: there is a folder of this name")
    _write({paths[suffix]: content for suffix, content in files.items()})
    return tuple(paths.values())


def _refuse_nan(model: ExportedModel) -> None:
    for layer in (*model.layers, *(model.decoder.layers if model.decoder else ())):
        for part in layer.parts:
            arrays = {"vectors": part.vectors} if isinstance(part, ExportedEmbedding) else {}
            if isinstance(part, ExportedDirection):
                arrays = {node.name: values for node, values in part.arrays.items()}
            for name, values in arrays.items():
                if np.isnan(values).any():
                    raise ExportError(f"{part.name}: {name} holds NaN, and so would all that comes out")
    for reader in model.readers.values():
        _refuse_nan(reader)


TABLES = ".json"
"""The suffix of the file that says how inputs are made of data, and what outputs mean."""

TABLES_VERSION = 1
"""Of that file: it is one more whenever a reader of the version before would misread it."""


def _tables(model: ExportedModel) -> bytes:
    content = {"recurra": __version__, "version": TABLES_VERSION, **model.tables}
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def check_export(
    model: Any,
    to: str,
    *,
    weights: str = "float32",
    streaming: bool = False,
    lengths: bool = False,
    training: bool = False,
    tolerance: float | None = None,
    seed: int = 0,
) -> ExportReport:
    """Export a model to a folder that goes again, and run what was written beside the model.

    Both get random sequences, one step, zeros, large numbers, given states, and sequences of several lengths. A check
    of C compiles with gcc or clang, without a library and with warnings as errors; one of ONNX needs onnxruntime, one
    of JavaScript or WebAssembly Node. Of objects, those for this machine are checked, which LLVM loads.

    Parameters
    ----------
    model, to, weights, streaming, lengths, training : as `export` takes them
    tolerance : float, optional
        How far results may be apart, relative to the largest number around; 1e-5 for JavaScript and ONNX, 1e-6
        otherwise. Where the
        model itself in float32 is further than that from itself in float64, four times as far is allowed.
    seed : int
        Of the sequences.

    Returns
    -------
    ExportReport
        The largest error of each case.

    Raises
    ------
    ExportError
        If a result is further off, or there is nothing on this machine that runs the format.

    Examples
    --------
    >>> from recurra.export import check_export
    >>> from recurra.nn import GRU
    >>> check_export(GRU(3, 8), "onnx").largest < 1e-6
    True
    """
    written, options = _chosen(
        Path("model"), to, None, weights=weights, streaming=streaming, lengths=lengths, training=training
    )
    limit = written.tolerance if tolerance is None else tolerance
    errors, allowed = {}, {}
    with tempfile.TemporaryDirectory(prefix="recurra-export-") as folder:
        file, *_ = export(
            model,
            Path(folder) / "model",
            to=to,
            weights=weights,
            streaming=streaming,
            lengths=lengths,
            training=training,
        )
        described: ExportedModel = model.exported(weights=weights)
        artefact = written.load(file, described, options)
        is_ragged = lengths or streaming or described.decoder is not None
        for each in checked_sequences(described, seed=seed, is_ragged=is_ragged):
            errors[each.name] = error = compared(artefact.run(each), expected(described, each), each)
            allowed[each.name] = limit if error <= limit else max(limit, _ROUNDINGS * rounding_of(described, each))
        for each, factors in weighted_sequences(described, seed=seed) if training else ():
            name, wanted = f"gradients, {each.name}", expected_gradients(described, each, factors)
            found = cast(TrainingArtefact, artefact).gradients(each, factors)
            errors[name] = error = compared_gradients(found, wanted, each)
            rounding = 0.0 if error <= limit else gradient_rounding(described, each, factors)
            allowed[name] = max(limit, _ROUNDINGS * rounding)
    report = ExportReport(to, errors, allowed)
    if not report.agrees:
        raise ExportError(f"what was written does not agree with the model\n{report}")
    return report


def _chosen(out: Path, to: str, name: str | None, **options: Any) -> tuple[ExportFormat, ExportOptions]:
    """Return a format and its options; raise `InputError` for one that it does not have."""
    found = format_of(to)
    if options["weights"] not in WEIGHTS:
        raise InputError(f"weights: got {options['weights']!r}, expected one of {list(WEIGHTS)}")
    for option, value in options.items():
        if value != getattr(ExportOptions, option) and option not in found.options:
            raise InputError(f"{option}={value!r}: to={to!r} has no such option; it has {sorted(found.options)}")
    if options.get("streaming") and options.get("lengths"):
        raise InputError(
            "streaming and lengths were both given: of one step no sequence is shorter; expected one of them"
        )
    if options["training"] and options["weights"] != "float32":
        raise InputError(f"training and weights={options['weights']!r} were both given: float32 is what can be trained")
    if out.suffix and out.suffix not in found.suffixes and format_named(out):
        raise InputError(f"out: {out.name} is named for another format than to={to!r}")
    stem = out.stem if out.suffix in found.suffixes else out.name
    if name is None:
        name = re.sub(r"\W", "_", stem, flags=re.ASCII)
        name = f"model_{name}" if not name[:1].isalpha() or keyword.iskeyword(name) else name
    elif not re.fullmatch(r"[A-Za-z]\w*", name, flags=re.ASCII):
        raise InputError(f"name: got {name!r}, expected letters, digits and _, a letter first")
    return found, ExportOptions(name, stem, **options)


def _has(path: Path, content: bytes | None) -> bool:
    """Return whether this stands in a file already, as tables do that were written with another format."""
    return content is not None and path.is_file() and path.read_bytes() == content


def _write(contents: Mapping[Path, bytes]) -> None:
    """Write files: all of them, once all are complete, or none."""
    first = next(iter(contents))
    try:
        with tempfile.TemporaryDirectory(prefix=f".{first.name}.", dir=first.parent) as beside:
            for path, content in contents.items():
                (Path(beside) / path.name).write_bytes(content)
            for path in contents:
                (Path(beside) / path.name).replace(path)
    except OSError as error:
        raise ExportError(f"{first} cannot be written: {error.strerror}") from None
