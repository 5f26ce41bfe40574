"""What helps to run recurra elsewhere: its distributions, a container, a service, and jobs on several machines."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
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


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and the source distribution, and return the folder that they are in."""
    pytest.importorskip("hatchling")
    pytest.importorskip("hatch_fancy_pypi_readme")
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=FOLDER.parent, check=True, capture_output=True, timeout=280)
    return folder


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(built: Path) -> None:
    source = FOLDER.parent / "src"
    files = {path.relative_to(source) for path in (source / "recurra").rglob("*") if path.is_file()}
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        inside = {Path(name) for name in wheel.namelist()}
        shown = wheel.read(next(name for name in wheel.namelist() if name.endswith("METADATA"))).decode()
    assert {path for path in files if "__pycache__" not in path.parts} <= inside
    kept = ("report/templates/report.html.jinja", "locale/zh.po", "lab/web/index.html", "py.typed", "__init__.pyi")
    assert {Path("recurra") / name for name in kept} <= inside
    assert not re.findall(
        r"\]\((?!https://|#)[^)]*\)", re.sub("`[^`]*`", "", re.sub("```.*?```", "", shown, flags=re.DOTALL))
    )
    assert "[notebooks](https://github.com/recurra/recurra/blob/main/examples/notebooks)" in shown


@pytest.mark.slow
def test_the_source_distribution_is_small_and_builds_without_the_repository(built: Path, tmp_path: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    assert archive.stat().st_size < 8e6
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    (root,) = tmp_path.iterdir()
    assert {"README.md", "LICENSE", "pyproject.toml", "PKG-INFO"} <= {path.name for path in root.iterdir()}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "again")]
    subprocess.run(command, cwd=root, check=True, capture_output=True, timeout=280)
    wheels = [next(folder.glob("*.whl")) for folder in (built, tmp_path / "again")]
    names = []
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as opened:
            names.append(sorted(opened.namelist()))
    assert names[0] == names[1]


@pytest.mark.slow
def test_the_wheel_runs_where_nothing_else_of_the_project_is(built: Path, tmp_path: Path) -> None:
    """In a fresh environment, which is lent the packages that recurra needs, but for those of extras where said."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True, timeout=60)
    python = tmp_path / "venv" / "bin" / "python"
    (wheel,) = built.glob("*.whl")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=280)
    (packages,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"))

    def run(*command: str) -> str:
        alone = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        done = subprocess.run(
            command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False, timeout=100
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    asked = "import recurra, recurra.cells, recurra.nn; print(recurra.__file__, recurra.nn.LSTM(2, 3))"
    extras = ["jinja2", "matplotlib", "polars", "pydantic", "yaml", "rich", "sklearn", "scipy", "tokenizers", "typer"]
    shown = run(str(python), "-c", f"import sys; sys.modules.update(dict.fromkeys({extras})); {asked}")
    assert str(packages) in shown
    assert "LSTM(2, 3)" in shown
    assert "Usage: recurra" in run(str(python.with_name("recurra")), "--help")
    assert "用法：recurra fit" in run(str(python.with_name("recurra")), "--language", "zh", "fit", "classify", "--help")
    run(str(python.with_name("recurra")), "lab", "--out", "lab.html")
    assert "<title>" in (tmp_path / "lab.html").read_text(encoding="utf-8")
