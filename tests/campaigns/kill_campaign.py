"""Kill -9 at random moments of saving and of `fit`: the folder holds a whole model, old or new, and resuming is exact.

    python tests/campaigns/kill_campaign.py saving --count 1000 --seed 1
    python tests/campaigns/kill_campaign.py fit --count 100 --seed 1

Each child is a copy of this process, in which everything has been imported: a kill costs what the work until then
costs. Threads are held to one, as a copied process has none of the others; so this process never reads a model itself:
polars would start its threads, and a copy of it would wait for them for ever.

Trainings write their state after every step, and are killed at any time between their first step and their end, so that
most kills are followed by a resumption.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import math
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from small_models import SMALL, fit_into, in_child, write_data

from recurra.errors import ModelFolderError
from recurra.tasks.registry import load_model
from recurra.training import checkpoints, model_folder
from recurra.training.model_folder import MANIFEST, read_model_folder, write_model_folder

__all__ = ["kill_fits", "kill_saving", "save_until_killed", "versioned"]

_PADDING = 1 << 21
"""Bytes of the report in the trials of saving, so that a save takes long enough to be hit in its middle."""

_EPOCHS = 12
"""Of the trainings that are killed: long enough that most of the time goes into steps."""

_EARLY = 0.15
"""Share of the kills that come before the first state is there."""

_HANGS = 600
"""Seconds after which a child hangs, and says where."""


def versioned(files: Mapping[str, bytes], number: int, /, *, padding: int = _PADDING) -> dict[str, bytes]:
    """Return a model's files with a number in two of them, the first and the last that are written."""
    metrics = {**json.loads(files["metrics.json"]), "parameters": number}
    numbered = {"metrics.json": json.dumps(metrics).encode(), "report.html": f"{number} ".encode().ljust(padding)}
    return {**files, **numbered}


def version(folder: Path, /) -> int:
    """Return the number that `versioned` wrote; raise `AssertionError` if the files are of two models."""
    files = read_model_folder(folder)
    number = json.loads(files["metrics.json"])["parameters"]
    assert files["report.html"].split()[0] == str(number).encode(), f"{folder} is of two models"
    return number


def save_until_killed(folder: Path, files: Mapping[str, bytes], /, *, after: int) -> None:
    """Save model after model, and kill this process before its `after`-th step at the files."""
    seen = 0

    def count(event: str, _: object) -> None:
        nonlocal seen
        if event != "os.kill" and event.startswith(("os.", "open", "shutil.", "tempfile.", "ctypes.")):
            seen += 1
            if seen > after:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    write_model_folder(folder, files)


def kill_saving(models: Mapping[str, Path], /, *, count: int, seed: int, folder: Path, minutes: float) -> Counter[str]:
    """Kill processes that save; return how often what was found afterwards."""
    chance, found, began = random.Random(seed), Counter[str](), time.monotonic()
    contents = {task: read_model_folder(model) for task, model in models.items()}
    for _ in range(count):
        if time.monotonic() - began > minutes * 60:
            break
        task, exchanges = chance.choice(list(contents)), chance.random() < 0.5
        target = folder / task / "model"
        target.parent.mkdir(exist_ok=True)
        before = version(target) if target.exists() else 0
        child = in_child(lambda: _save_on(target, contents[task], before, exchanges=exchanges))  # noqa: B023 - it is over
        time.sleep(chance.random() * 0.12)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        _check_saved(target, before, contents[task], found)
        found["kills"] += 1
    return found


def _save_on(target: Path, files: Mapping[str, bytes], number: int, *, exchanges: bool) -> None:
    if not exchanges:
        model_folder._system_exchange = lambda: None  # pyright: ignore[reportAttributeAccessIssue]
    while True:
        number += 1
        write_model_folder(target, versioned(files, number))


def _check_saved(target: Path, before: int, files: Mapping[str, bytes], found: Counter[str]) -> None:
    beside = {path.name for path in target.parent.iterdir()}
    found["killed in the middle of a save"] += bool(beside - {"model"})
    found["killed with no model in its place"] += "model" not in beside and before > 0
    if model_folder.find_model(target):
        assert version(target) >= before, f"{target} went back"
        _check_loads(target)
        found["a whole model"] += 1
    else:
        assert before == 0, f"{target} is lost"
        found["none yet"] += 1
    write_model_folder(target, versioned(files, before + 1_000, padding=100))
    left = [path.name for path in target.parent.iterdir()]
    assert left == ["model"], f"left behind: {left}"


def kill_fits(*, count: int, seed: int, folder: Path, minutes: float) -> Counter[str]:
    """Kill trainings at random moments and resume them; return how often what was found afterwards."""
    chance, found, began = random.Random(seed), Counter[str](), time.monotonic()
    wanted, spans = {}, {}
    for task in SMALL:
        target = folder / "whole" / task
        spans[task] = _times(target, task, write_data(folder / "whole" / "data", task))
        wanted[task] = _weights(target)
    for trial in range(count):
        if time.monotonic() - began > minutes * 60:
            break
        task = list(SMALL)[trial % len(SMALL)]
        target = folder / str(trial) / "model"
        data = write_data(target.parent, task)
        if chance.random() < 0.5:
            shutil.copytree(folder / "whole" / task, target)
        child = in_child(lambda: _fit_with_states(target, task, data))  # noqa: B023 - it is over before the next
        before, after = spans[task]
        if chance.random() < _EARLY:
            time.sleep(chance.random() * before)
        else:
            _wait_for_state(target, child)
            time.sleep(chance.random() * after)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        _check_fitted(target, task, data, wanted[task], found)
        shutil.rmtree(target.parent)
        found["kills"] += 1
    return found


def _fit_with_states(target: Path, task: str, data: Path, *, resume: bool = False) -> None:
    """Fit, and write the state after every step and every epoch rather than every few minutes."""
    faulthandler.dump_traceback_later(_HANGS - 10)
    checkpoints.SECONDS_BETWEEN = 0
    checkpoints._SHARE = math.inf  # pyright: ignore[reportPrivateUsage]
    fit_into(target, task, data, resume=resume, epochs=_EPOCHS)


def _times(target: Path, task: str, data: Path) -> tuple[float, float]:
    """Fit once; return the seconds until the first state was there, and those from there to the end."""
    began = time.monotonic()
    child = in_child(lambda: _fit_with_states(target, task, data))
    _wait_for_state(target, child)
    trains = time.monotonic()
    assert _wait(child) == 0
    return trains - began, time.monotonic() - trains


def _wait_for_state(target: Path, child: int) -> None:
    """Wait until a training has written its first state."""
    state, end = checkpoints.checkpoint_folder(target) / checkpoints.LAST, time.monotonic() + _HANGS
    while not state.exists():
        assert time.monotonic() < end, f"{child} hung before its first step"
        time.sleep(0.002)


def _check_fitted(target: Path, task: str, data: Path, wanted: bytes, found: Counter[str]) -> None:
    names = {path.name for path in target.parent.iterdir()} - {data.name}
    if model_folder.find_model(target):
        assert _weights(target) == wanted
        _check_loads(target)
        found["a whole model"] += 1
    else:
        found["none yet"] += 1
    if "model.training" not in names:
        found["nothing to resume"] += 1
        return
    code = _wait(in_child(lambda: _fit_with_states(target, task, data, resume=True)))
    if code == 3:
        assert not checkpoints.has_checkpoint(checkpoints.checkpoint_folder(target)), "a state that cannot be read"
        found["killed before the first checkpoint was there"] += 1
        return
    assert code == 0, f"resume ended with {code}"
    assert _weights(target) == wanted, f"{task}: resumed, the weights differ"
    left = {path.name for path in target.parent.iterdir()} - {data.name}
    assert left == {"model"}, f"left behind: {left}"
    found["resumed to the same bits"] += 1


def _fit(target: Path, task: str) -> None:
    data = write_data(target.parent / "data", task)
    assert _wait(in_child(lambda: fit_into(target, task, data))) == 0


def _wait(child: int, *, seconds: float = _HANGS) -> int:
    """Return the exit code of a child, which may not take for ever."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise AssertionError("a process hung")


def _check_loads(folder: Path) -> None:
    """Read a model in a process of its own; see above why not in this one."""
    assert _wait(in_child(lambda: load_model(folder))) == 0, f"{folder} cannot be read"


def _weights(folder: Path) -> bytes:
    return read_model_folder(folder)["weights.safetensors"]


def _begin(work: Callable[[Path], Counter[str]], /) -> None:
    import torch

    import recurra.training.loop  # so that no child has to import it

    assert recurra.training.loop
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        try:
            found = work(Path(name))
        except (AssertionError, ModelFolderError) as error:
            raise SystemExit(f"FAILED: {error}") from error
    for what, times in sorted(found.items()):
        sys.stdout.write(f"{times:6} {what}\n")


def _saving(folder: Path, *, count: int, seed: int, minutes: float) -> Counter[str]:
    for task in SMALL:
        _fit(folder / "fitted" / task, task)
    models = {task: folder / "fitted" / task for task in SMALL}
    assert all((model / MANIFEST).is_file() for model in models.values())
    return kill_saving(models, count=count, seed=seed, folder=folder, minutes=minutes)


def main() -> None:
    """Run a campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["saving", "fit"])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60, help="the longest that it may take")
    given = parser.parse_args()
    if given.what == "saving":
        _begin(lambda folder: _saving(folder, count=given.count, seed=given.seed, minutes=given.minutes))
    else:
        _begin(lambda folder: kill_fits(count=given.count, seed=given.seed, folder=folder, minutes=given.minutes))


if __name__ == "__main__":
    main()
