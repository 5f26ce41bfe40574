"""What helps to run recurra elsewhere: a container, a service, and jobs on several machines."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import polars
import pytest
from typer.testing import CliRunner

from recurra.cli.main import app
from recurra.tasks import Forecaster
from recurra.tune.storage import opened_storage

FOLDER = Path(__file__).parent.parent / "packaging"
OPTIONS = ["--time", "year", "--target", "y", "--horizon", "3", "--window", "8", "--epochs", "2"]


def served_options(text: str) -> set[str]:
    """Return the options of `recurra serve` in a file."""
    return set(re.findall(r"--[a-z][a-z-]+", text))


def test_the_container_and_the_service_name_what_there_is() -> None:
    shown = CliRunner().invoke(app, ["serve", "--help"]).stdout
    container = (FOLDER / "Containerfile").read_text()
    (entry,) = re.findall(r"ENTRYPOINT (.*)", container)
    service = (FOLDER / "recurra-serve.service").read_text()
    (start,) = re.findall(r"ExecStart=(.*)", service)
    for said in (entry, start):
        assert served_options(said) <= served_options(shown), said
    for copied in re.findall(r"-c /source/(\S+)", container):
        assert (FOLDER.parent / copied).is_file()
    (lowest,) = re.findall(r'requires-python = ">=3\.(\d+)', (FOLDER.parent / "pyproject.toml").read_text())
    (used,) = re.findall(r"FROM python:3\.(\d+)-slim", container)
    assert int(used) >= int(lowest)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
def test_systemd_takes_the_service(tmp_path: Path) -> None:
    unit = tmp_path / "recurra-serve.service"
    unit.write_text((FOLDER / unit.name).read_text().replace("/opt/recurra/bin/recurra", sys.executable))
    done = subprocess.run(["systemd-analyze", "verify", unit], check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["torchrun.sh", "fit.slurm", "tune.slurm"])
def test_scripts_are_shell(name: str) -> None:
    subprocess.run(["bash", "-n", FOLDER / name], check=True)


# run, where a machine stands for several ---------------------------------------------------------------------------


def series(folder: Path) -> Path:
    path = folder / "series.csv"
    polars.DataFrame({"year": range(1900, 1980), "y": [float(year % 7) for year in range(80)]}).write_csv(path)
    return path


def environment(folder: Path, **further: str) -> Mapping[str, str]:
    """Return an environment in which `recurra` and `torchrun` are found, and in a job's script also `srun`."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    for name, module in (("recurra", "recurra"), ("torchrun", "torch.distributed.run")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -W ignore -m {module} "$@"\n')
        program.chmod(0o755)
    # as srun does: so many times the command, each told which it is
    (programs / "srun").write_text(
        "#!/bin/bash\npids=()\n"
        "for rank in $(seq 0 $((SLURM_NTASKS - 1))); do\n"
        '  SLURM_PROCID=$rank SLURM_LOCALID=$rank "$@" & pids+=($!)\ndone\n'
        'for pid in "${pids[@]}"; do wait "$pid" || exit $?; done\n'
    )
    (programs / "srun").chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "OMP_NUM_THREADS": "1", **further}


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


@pytest.mark.slow
def test_torchrun_on_two_hosts(tmp_path: Path) -> None:
    command = ["fit", "forecast", str(series(tmp_path)), *OPTIONS, "--out", str(tmp_path / "model")]
    told = {"NODES": "2", "PORT": free_port()}
    hosts = [
        subprocess.Popen([FOLDER / "torchrun.sh", *command], env=environment(tmp_path, NODE=node, **told))
        for node in ("0", "1")
    ]
    assert [host.wait(timeout=200) for host in hosts] == [0, 0]
    assert Forecaster.load(tmp_path / "model").predict().height == 3


@pytest.mark.slow
def test_a_slurm_job_trains_on_its_machines(tmp_path: Path) -> None:
    script = (FOLDER / "fit.slurm").read_text()
    asked = dict(re.findall(r"^#SBATCH --([a-z-]+)=(\S+)", script, re.MULTILINE))
    tasks = int(asked["nodes"]) * int(asked["ntasks-per-node"])
    job = {
        "NTASKS": str(tasks), "NTASKS_PER_NODE": asked["ntasks-per-node"], "STEP_NUM_NODES": asked["nodes"],
        "CPUS_PER_TASK": "1", "NODELIST": "localhost", "JOB_NAME": asked["job-name"], "JOB_ID": free_port(),
    }  # fmt: skip
    told = {f"SLURM_{name}": value for name, value in job.items()}
    command = ["bash", FOLDER / "fit.slurm", "forecast", str(series(tmp_path)), *OPTIONS, "--out", tmp_path / "model"]
    done = subprocess.run(
        command, env=environment(tmp_path, **told), check=False, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("The model is in") == 1  # the first process alone writes and prints
    assert Forecaster.load(tmp_path / "model").predict().height == 3


def search_by_two(folder: Path, storage: str) -> None:
    """Let two workers of the job's script search together, and check that the trials are those of one search."""
    arguments = ["forecast", str(series(folder)), *OPTIONS, "--trials", "4", "--search", "hidden_size=4..8"]
    told = {"STORAGE": storage, "NAME": "together", "SLURM_NTASKS": "1", "SLURM_JOB_NAME": "recurra-tune"}
    workers = []
    for number in ("0", "1"):
        command = ["bash", FOLDER / "tune.slurm", *arguments, "--out", folder / number]
        workers.append(subprocess.Popen(command, env=environment(folder, **told), stderr=subprocess.PIPE, text=True))
    for worker in workers:
        _, said = worker.communicate(timeout=280)
        assert worker.returncode == 0, said
    with opened_storage(storage, folder=folder) as opened:
        assert 4 <= len(opened.get_all_trials(opened.get_study_id_from_name("together"))) <= 5


@pytest.mark.slow
def test_workers_of_slurm_search_together(tmp_path: Path) -> None:
    search_by_two(tmp_path, f"journal:{tmp_path / 'trials.log'}")


@pytest.mark.slow
def test_workers_of_slurm_search_together_in_postgresql(tmp_path: Path, postgresql: str) -> None:
    search_by_two(tmp_path, postgresql)
