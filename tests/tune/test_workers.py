"""Several processes on one search, and processes that are killed: no finished trial is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from tune_cases import FIXED, SERIES, SIZES, forecaster, study_in

from recurra.tune import Search, TuneOptions, tune
from recurra.tune.storage import opened_storage
from recurra.tune.trial import TRAINED, Trial

SCRIPT = Path(__file__).with_name("worker.py")


def start(folder: Path, storage: str, *, trials: int, epochs: int = 2) -> subprocess.Popen[str]:
    arguments = [str(folder), storage, str(trials), str(epochs)]
    return subprocess.Popen([sys.executable, str(SCRIPT), *arguments], stderr=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> str:
    """Wait for a worker, and return what it said."""
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def kept(folder: Path, storage: str) -> tuple[Trial, ...]:
    with opened_storage(None if storage == "-" else storage, folder=folder) as opened:
        return study_in(opened, name="together").trials()


def go_on(folder: Path, storage: str, *, trials: int) -> Search:
    """Work on a search in this process."""
    where = None if storage == "-" else storage
    options = TuneOptions(trials=trials, search=(SIZES,), storage=where, name="together")
    return tune(forecaster(), SERIES, options=options, fixed=FIXED, folder=folder)


def wait_for(folder: Path, storage: str, process: subprocess.Popen[str], *, trials: int) -> None:
    """Wait until a worker has drawn the values of so many trials."""
    while sum(len(each.values) == 2 for each in kept(folder, storage)) < trials:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def work_together(folder: Path, storage: str) -> None:
    """Let another process search beside this one, and check that both trained, and nothing twice."""
    process = start(folder, storage, trials=8)
    wait_for(folder, storage, process, trials=1)
    here = go_on(folder, storage, trials=8)
    said = finished(process)
    trials = kept(folder, storage)
    assert {each.ended for each in trials} <= {"complete", "pruned"}
    assert 8 <= len(trials) <= 9  # both may begin the last one
    values = [tuple(each.values.items()) for each in trials]
    assert len(set(values)) == len(values)
    there = {int(line.split()[1]) for line in said.splitlines() if line.startswith("trial ")}
    assert there < {each.number for each in trials}
    assert here.best.value == min(each.value for each in here.trials if each.value is not None)


def is_killed_and_goes_on(folder: Path, storage: str) -> None:
    """Kill a worker in its third trial, and check that a search goes on with what it finished."""
    process = start(folder, storage, trials=3, epochs=2)
    wait_for(folder, storage, process, trials=3)
    process.kill()
    process.communicate()
    before = kept(folder, storage)
    finished_before = [each for each in before if each.ended == "complete"]
    assert len(finished_before) >= 2
    after = go_on(folder, storage, trials=3).trials
    complete = [each for each in after if each.ended == "complete"]
    assert complete[: len(finished_before)] == finished_before
    assert len(complete) == 3
    assert complete[2].values == before[2].values


def test_beside_a_worker_that_is_killed(tmp_path: Path) -> None:
    process = start(tmp_path, "-", trials=1000)
    wait_for(tmp_path, "-", process, trials=2)
    go_on(tmp_path, "-", trials=5)
    process.kill()
    process.communicate()
    before = kept(tmp_path, "-")
    ended = [each for each in before if each.ended in TRAINED]
    cut = [each for each in before if each.ended == "running" and len(each.values) == 2]
    after = go_on(tmp_path, "-", trials=len(ended) + 1).trials
    assert [each for each in after if each.number in {one.number for one in ended}] == ended
    values = [tuple(each.values.items()) for each in after if each.ended in TRAINED]
    assert len(set(values)) == len(values) == len(ended) + 1
    assert all(tuple(each.values.items()) in values for each in cut)
    assert not any(each.ended == "running" for each in after)


EMBEDDED = ["-", "journal:{0}/trials.log"]


@pytest.mark.slow
@pytest.mark.parametrize("storage", EMBEDDED)
def test_two_workers(tmp_path: Path, storage: str) -> None:
    work_together(tmp_path, storage.format(tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("storage", EMBEDDED)
def test_a_search_that_was_killed_goes_on(tmp_path: Path, storage: str) -> None:
    is_killed_and_goes_on(tmp_path, storage.format(tmp_path))


@pytest.mark.slow
def test_workers_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    workers = [start(tmp_path, postgresql, trials=6) for _ in range(2)]  # both make the tables
    for worker in workers:
        finished(worker)
    trials = kept(tmp_path, postgresql)
    assert {each.ended for each in trials} <= {"complete", "pruned"}
    assert 6 <= len(trials) <= 7
    assert len({tuple(each.values.items()) for each in trials}) == len(trials)
