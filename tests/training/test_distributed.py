"""Two processes train one network: each on its part, with the same weights in the end, and one of them writes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from recurra.errors import InputError
from recurra.training import distributed

SCRIPT = Path(__file__).with_name("two_processes.py")
PYTHON = [sys.executable, "-W", "ignore"]
TORCHRUN = [*PYTHON, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
BY_OTHERS = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT", "NODE_RANK")


def together(folder: Path, *arguments: str, start: list[str] = PYTHON) -> list[dict[str, Any]]:
    """Run the script, and return what each of the processes found."""
    folder.mkdir(exist_ok=True)
    clean = {name: value for name, value in os.environ.items() if name not in BY_OTHERS}
    command = [*start, str(SCRIPT), str(folder), *arguments]
    outcome = subprocess.run(command, env=clean, check=False, capture_output=True, text=True, timeout=120)
    assert outcome.returncode == 0, outcome.stderr
    return [json.loads((folder / f"{rank}.json").read_text()) for rank in (0, 1)]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return together(tmp_path_factory.mktemp("pair") / "run", "2")


def test_both_have_the_same_weights_and_measures(pair: list[dict[str, Any]]) -> None:
    first, second = pair
    assert first["pid"] != second["pid"]
    assert (first["world"], second["world"]) == (2, 2)
    for name in ("weights", "validation", "steps", "best_epoch", "loss", "ended_by"):
        assert first[name] == second[name], name


def test_each_sees_its_own_part_of_the_batches(pair: list[dict[str, Any]]) -> None:
    first, second = (set(found["seen"]) for found in pair)
    assert len(first) == len(second) == 4
    assert not first & second


def test_measures_are_of_all_batches_of_the_validation_part(pair: list[dict[str, Any]]) -> None:
    assert pair[0]["validation"]["batches"] == pytest.approx(5.0)


def test_the_first_alone_writes(pair: list[dict[str, Any]]) -> None:
    assert [found["first"] for found in pair] == [True, False]


@pytest.mark.slow
def test_resumed_together_as_never_interrupted(tmp_path: Path) -> None:
    whole = together(tmp_path / "whole", "4")
    together(tmp_path / "half", "2")
    resumed = together(tmp_path / "half", "4", "resume")
    assert [each["weights"] for each in resumed] == [each["weights"] for each in whole]


@pytest.mark.slow
@pytest.mark.parametrize(("trouble", "ended_by"), [("nan", "loss"), ("interrupt", "interrupt")])
def test_what_one_process_meets_ends_both_at_the_same_step(tmp_path: Path, trouble: str, ended_by: str) -> None:
    first, second = together(tmp_path / "run", "4", trouble)
    assert first["ended_by"] == second["ended_by"] == ended_by
    assert first["steps"] == second["steps"]
    assert first["weights"] == second["weights"]


@pytest.mark.slow
def test_torchrun_starts_the_processes(tmp_path: Path, pair: list[dict[str, Any]]) -> None:
    assert together(tmp_path / "run", "2", start=TORCHRUN)[0]["weights"] == pair[0]["weights"]


@pytest.mark.slow
def test_slurm_starts_the_processes(tmp_path: Path, pair: list[dict[str, Any]]) -> None:
    job = {"NTASKS": "2", "NTASKS_PER_NODE": "2", "STEP_NUM_NODES": "1", "NODELIST": "localhost", "NODEID": "0"}
    job |= {"JOB_NAME": "fit", "JOB_ID": "12345"}
    tasks = []
    for rank in ("0", "1"):
        names = {f"SLURM_{name}": value for name, value in (job | {"PROCID": rank, "LOCALID": rank}).items()}
        clean = {name: value for name, value in os.environ.items() if name not in BY_OTHERS}
        tasks.append(subprocess.Popen([*PYTHON, str(SCRIPT), str(tmp_path), "2"], env=clean | names))
    assert [task.wait(timeout=120) for task in tasks] == [0, 0]
    assert json.loads((tmp_path / "1.json").read_text())["weights"] == pair[0]["weights"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({}, 0),
        ({"LOCAL_RANK": "1"}, 1),
        ({"RANK": "3", "LOCAL_RANK": "1"}, 3),
        ({"SLURM_PROCID": "2"}, 2),
        ({"SLURM_PROCID": "0", "LOCAL_RANK": "1"}, 1),
    ],
)
def test_which_process_this_is(names: dict[str, str], expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "LOCAL_RANK", "SLURM_PROCID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    assert distributed.rank() == expected
    assert distributed.first_process() == (expected == 0)


def test_torchrun_with_another_number_of_processes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(InputError, match="devices = 1: torchrun started 2 processes"):
        distributed.check_processes(1)
    distributed.check_processes(2)


def test_alone_there_is_nothing_to_agree_on() -> None:
    assert distributed.agree(True)
    assert not distributed.agree(False)
    assert distributed.mean(3.0) == 3.0
    assert distributed.everyones("x") == ["x"]


@pytest.mark.slow
def test_torchrun_on_two_machines(tmp_path: Path) -> None:
    """Two that are one here, each with a process of its own."""
    clean = {name: value for name, value in os.environ.items() if name not in BY_OTHERS}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = ["--nnodes", "2", "--nproc-per-node", "1", "--master-addr", "127.0.0.1", "--master-port", str(port)]
    launch = [*PYTHON, "-m", "torch.distributed.run", *place]
    machines = [
        subprocess.Popen([*launch, "--node-rank", node, str(SCRIPT), str(tmp_path), "2", "nodes"], env=clean)
        for node in ("0", "1")
    ]
    assert [machine.wait(timeout=120) for machine in machines] == [0, 0]
    first, second = (json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1))
    assert (first["world"], second["world"]) == (2, 2)
    assert first["weights"] == second["weights"]


def test_a_process_that_ends_before_the_training_is_told_of(tmp_path: Path) -> None:
    """And nobody waits for it."""
    script = tmp_path / "script.py"
    script.write_text(
        "import os, sys\n"
        "if os.environ.get('LOCAL_RANK'): sys.exit(3)\n"
        "from recurra.training.distributed import start_processes\n"
        "start_processes(2)\n"
    )
    clean = {name: value for name, value in os.environ.items() if name not in BY_OTHERS}
    done = subprocess.run([*PYTHON, str(script)], env=clean, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "TrainingError: process 1 of 2 ended before the training began" in done.stderr


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        ("localhost", "localhost:17345"),
        ("node[05-07,9],other", "node05:17345"),
        ("a1,a2", "a1:17345"),
        ("gpu-[3]", "gpu-3:17345"),
        ("one two", "one:17345"),
    ],
)
def test_where_the_first_of_slurms_tasks_is(hosts: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SLURM_NODELIST", hosts)
    monkeypatch.setenv("SLURM_JOB_ID", "12345")
    assert distributed._slurm_address() == expected


def test_slurm_with_another_number_of_tasks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TORCHELASTIC_RUN_ID", raising=False)
    monkeypatch.setenv("SLURM_NTASKS", "2")
    monkeypatch.setenv("SLURM_JOB_NAME", "fit")
    monkeypatch.setenv("SLURM_STEP_NUM_NODES", "1")
    with pytest.raises(InputError, match="devices = 1: SLURM started 2 processes"):
        distributed.check_processes(1)
    distributed.check_processes(2)
    monkeypatch.setenv("SLURM_JOB_NAME", "interactive")
    distributed.check_processes(1)
