"""Every file of every task's model folder with hostile contents, the manifest signed anew.

Each folder is refused as a `ModelFolderError`, or loads and then predicts or says in our words why it does not; soon,
in little memory, and nothing that it names is run.
"""

from __future__ import annotations

import copy
import itertools
import json
import os
import shutil
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from folder_campaign import sign
from peak_memory import most_memory
from small_models import SMALL, write_data

from recurra.cells import GRU, Elman
from recurra.errors import ModelFolderError, RecurraError
from recurra.tasks.registry import TASKS, load_model
from recurra.training.model_folder import MANIFEST

COMMON = {"config.yaml", "weights.safetensors", "metrics.json", "training.json", "report.html"}
LINEAR = {"linear.json", "linear.safetensors"}

FILES: dict[str, set[str]] = {
    "forecast": COMMON | {"cell.json", "scaler.json", "history.json", "predictions.csv"},
    "language": COMMON | {"vocabulary.json", "counts.json", "samples.json"},
    "classify": COMMON | LINEAR | {"classes.json", "vocabulary.json", "predictions.csv"},
    "classify numbers": COMMON | LINEAR | {"classes.json", "scaler.json", "predictions.csv"},
    "tag": COMMON | {"vocabulary.json", "predictions.csv"},
    "transcribe": COMMON | {"alphabet.json", "scaler.json", "ngrams.safetensors", "predictions.csv"},
    "translate": COMMON | {"vocabulary.json", "predictions.csv"},
}
"""What the folder of each model has; the forecast is of a cell of one's own."""

LONG = {"weights.safetensors", "linear.safetensors", "metrics.json"}
"""Files with so many places for something hostile that they are tried with `-m slow`."""


def _takes_long(model: str, name: str) -> bool:
    return name in LONG or (name == "training.json" and model != "forecast")  # which all tasks read alike


PLACES = [
    pytest.param(model, name, marks=[pytest.mark.slow] if _takes_long(model, name) else [])
    for model, names in FILES.items()
    for name in sorted(names | {MANIFEST})
]

MAY_BE_MISSING = {"report.html", "predictions.csv", "linear.json"}
"""What a lean model, or one of an earlier recurra, does without."""

VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 0.5, 10**9, 10**30, 1e308, float("nan"), float("inf"), "", "x", "\0", "10", [], [[]], {},
    {"a": 1},
)  # fmt: skip
"""What any value is replaced by; each in its turn."""

BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
CONTENTS: dict[str, bytes] = {
    "nothing": b"",
    "NUL": b"\0" * 1000,
    "no text": bytes(range(128, 256)),
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "null": b"null",
    "a number": b"1",
    "a list": b"[]",
    "an object": b"{}",
    "a text": b'"x"',
    "100,000 brackets": b"[" * 100_000,
    "100,000 objects": b'{"a":' * 100_000,
    "100,000 digits": b"9" * 100_000,
    "a bomb of aliases": BOMB.encode(),
    "a tag that is run": b"!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path [ran]]",
    "a million lines": b"\n" * 1_000_000,
}

OPTIONS: dict[str, Any] = {
    "hidden_size": 8000, "layers": 100_000, "horizon": 10**9, "window": 10**9, "season_length": 10**9, "bptt": 10**9,
    "batch_size": 10**9, "embedding_size": 10**9, "convolutions": 10**6, "convolution_features": 10**9,
    "convolution_size": 10**9, "convolution_stride": 10**9, "character_features": 10**9, "segment_length": 10**9,
    "memory": 10**9, "longest": 1, "cell": "evil.py:Evil", "intervals": "1," * 50_000, "encoding": "rot13",
    "vectors": "/dev/zero", "hidden_sise": 8,
}  # fmt: skip
"""Options that a config alone could blow up with, or have something run; and one that is misspelt."""


def _option_kind(name: str) -> str:
    return f"{name} = {str(OPTIONS[name])[:20]}"


OPTION_KINDS = {_option_kind(name) for name in OPTIONS}
SAID_ONLY = {"config.yaml", "metrics.json", "training.json", "report.html", "predictions.csv"}
"""Files of whose contents only those options are tried in predicting too, as it takes time."""

EVIL = "import pathlib\npathlib.Path('ran').touch()\npathlib.Path(__file__).with_name('ran').touch()\n"
MOST_SECONDS, MOST_KILOBYTES = 2.0, 200 << 10


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A model folder, not to be changed, and data for it."""

    folder: Path
    data: Path


def _numbers(path: Path) -> Path:
    rows = [f"{n},{n * t % 5},{(n + t) % 3},{'ab'[n % 2]}" for n in range(40) for t in range(4)]
    path.write_text("\n".join(["id,u,v,label", *rows, ""]))
    return path


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fitted]:
    base, found = tmp_path_factory.mktemp("hostile"), {}
    for name in FILES:
        task = TASKS[name.split()[0]]
        data, options = write_data(base / "data", task.name), SMALL[task.name] | {"epochs": 1}
        if name == "classify numbers":
            data = _numbers(base / "data" / "numbers.csv")
            options = {"hidden_size": 4, "epochs": 1, "values": "u,v", "id": "id", "label": "label"}
        estimator: Any = task.estimator_class()
        cell = Elman if name == "forecast" else None
        folder = base / name
        estimator(task.options_class()(**options), cell=cell).fit(data).save(folder)
        load_model(folder).listing(data)  # what is compiled once is compiled here
        found[name] = Fitted(folder=folder, data=data)
    return found


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_all_that_a_folder_has(models: dict[str, Fitted], name: str) -> None:
    assert {path.name for path in models[name].folder.iterdir()} == FILES[name] | {MANIFEST}


@pytest.mark.parametrize(("name", "file"), PLACES)
def test_hostile_contents_are_refused(
    models: dict[str, Fitted], name: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    target, wrong = tmp_path / "model", []
    shutil.copytree(models[name].folder, target)
    (target / "evil.py").write_text(EVIL)
    before = (target / file).read_bytes()
    for kind, content in _hostile(file, before):
        (target / file).write_bytes(content)
        if file != MANIFEST:
            sign(target)
        data = models[name].data if kind in OPTION_KINDS or file not in SAID_ONLY else None
        wrong += [f"{kind}: {problem}" for problem in _problems(target, data)]
    for kind in ("a link out of the folder", "a link to a device", "a pipe", "a folder", "missing"):
        _replace(target / file, kind)
        if file != MANIFEST:
            sign(target)
        if kind == "missing" and file in MAY_BE_MISSING:
            load_model(target)
        else:
            with pytest.raises(ModelFolderError):
                load_model(target)
        _replace(target / file, "missing")
    assert not wrong, "\n".join(wrong[:20])


def _replace(path: Path, kind: str) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    elif kind != "missing":
        path.symlink_to("/etc/passwd" if kind.endswith("folder") else "/dev/zero")


def _problems(folder: Path, data: Path | None) -> Iterator[str]:
    """Yield what is wrong with how a folder is met, and what it predicts of data."""
    began, memory = time.process_time(), most_memory(since_now=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = load_model(folder)
        except ModelFolderError as error:
            if not str(error) or len(str(error)) > 2000:
                yield f"a message of {len(str(error))} characters"
        except Exception:
            yield f"loading: {traceback.format_exc()[-700:]}"
        else:
            try:
                if data is not None:
                    model.listing(data)
            except RecurraError:
                pass
            except Exception:
                yield f"predicting: {traceback.format_exc()[-700:]}"
    if time.process_time() - began > MOST_SECONDS:
        yield f"{time.process_time() - began:.1f} s"
    if most_memory() - memory > MOST_KILOBYTES:
        yield "much memory"
    if Path("ran").exists() or (folder / "ran").exists():
        yield "something ran"


def _hostile(file: str, before: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield contents for a file, each with what it is."""
    yield from CONTENTS.items()
    yield from {"half": before[: len(before) // 2], "twice": before * 2, "and more": before + b"\0x"}.items()
    if file == "config.yaml":
        tree = yaml.safe_load(before)
        for kind, changed in itertools.chain(_options(tree), itertools.islice(_changed(tree, turns=1), 0, None, 6)):
            yield kind, yaml.safe_dump(changed, sort_keys=False).encode()
        yield "an alias", before + b"a: &a [1]\nb: *a\n"
        yield "a tag", before + b"a: !!python/name:os.system\n"
    elif file.endswith(".json"):
        for kind, changed in _changed(json.loads(before), turns=1 if file in SAID_ONLY else 3):
            yield kind, json.dumps(changed).encode()
    elif file.endswith(".csv"):
        lines = before.splitlines(keepends=True)
        for kind, changed in {"no head": lines[1:], "a head": lines[:1], "short": [*lines, b"x\n"]}.items():
            yield kind, b"".join(changed)
    elif file.endswith(".safetensors"):
        for size in (0, 1, 10**8, 2**63):
            yield f"a head of {size} bytes", size.to_bytes(8, "little") + before[8:]
        length = int.from_bytes(before[:8], "little")
        for kind, changed in _changed(json.loads(before[8 : 8 + length]), turns=3):
            head = json.dumps(changed).encode()
            yield kind, len(head).to_bytes(8, "little") + head + before[8 + length :]
    if file == "cell.json":
        yield "another cell", GRU.to_json().encode()


def _options(tree: Any) -> Iterator[tuple[str, Any]]:
    for name, value in OPTIONS.items():
        if name in tree["options"] or name == "hidden_sise":
            yield _option_kind(name), tree | {"options": tree["options"] | {name: value}}


def _changed(tree: Any, *, turns: int) -> Iterator[tuple[str, Any]]:
    """Yield a tree with each of its values replaced by some others in turn, with each left out, and with more."""
    values = itertools.cycle(VALUES)
    for place in list(_places(tree)):
        for new in itertools.islice(values, turns):
            changed = copy.deepcopy(tree)
            _holder(changed, place)[place[-1]] = new
            yield f"{place} = {new!r}", changed
        changed = copy.deepcopy(tree)
        del _holder(changed, place)[place[-1]]
        yield f"without {place}", changed
    if isinstance(tree, dict):
        yield "one more", tree | {"__class__": 1}


def _places(tree: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where the values of a tree are; of long lists and objects of data some are enough."""
    inner = list(tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ())
    for key, value in inner if len(inner) < 80 and isinstance(tree, dict) else inner[:2] + inner[-1:]:
        yield (*at, key)
        yield from _places(value, (*at, key))


def _holder(tree: Any, place: tuple[Any, ...]) -> Any:
    for key in place[:-1]:
        tree = tree[key]
    return tree
