"""A training that is taken up again gives the bits of one that was never interrupted."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from learners import CarryingLearner, Cut, Echo, Parts, Ragged, line, options, run, weights

from recurra.errors import InputError, ModelFolderError
from recurra.training import checkpoints
from recurra.training.batches import Batches
from recurra.training.checkpoints import checkpoint_folder, remove_checkpoints, write_tree
from recurra.training.history import Training
from recurra.training.loop import Surroundings, train

VARIANTS: dict[str, dict[str, Any]] = {
    "adamw": {},
    "momentum": {"optimiser": "sgd", "momentum": 0.9, "schedule": "inverse_time"},
    "asgd": {"optimiser": "asgd", "schedule": "step", "cut_after": 1},
    "triggered": {"optimiser": "sgd", "average_after": 1, "learning_rate": 1e-6},
    "moving": {"average_decay": 0.9},
    "plateau": {"optimiser": "rmsprop", "schedule": "plateau", "cut_after": 1, "min_delta": 10.0},
    "cosine": {"optimiser": "adam", "schedule": "cosine", "warm_up": 3, "max_steps": 30},
    "auto": {"learning_rate": "auto"},
}


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def fit(
    folder: Path | None = None, *, batches: Batches | None = None, resume: bool = False, **given: Any
) -> tuple[torch.Tensor, Training]:
    learner = CarryingLearner(Echo())
    around = Surroundings(checkpoints=folder, resume=resume)
    chosen = options(**{"epochs": 4, "learning_rate": 0.01, **given})
    training = train(learner, training=batches or Parts(), validation=Parts(16), options=chosen, surroundings=around)
    return weights(learner), training


def last_weights(folder: Path) -> torch.Tensor:
    """The weights after the last step, not the best ones."""
    state = checkpoints.read_tree(folder / checkpoints.LAST)
    return torch.cat([each.flatten() for each in state["weights"].values()])


def same_but_for_time(first: Training, second: Training) -> bool:
    def timeless(training: Training) -> dict[str, Any]:
        history = training.history.to_dictionary()
        rows = {name: [{**row, "seconds": 0} for row in history[name]] for name in ("steps", "validations")}
        return {**training.summary(), "seconds": 0, **rows}

    return timeless(first) == timeless(second)


@pytest.mark.parametrize(
    ("variant", "at"),
    [("adamw", 3), ("adamw", 16), ("adamw", 17), *((variant, 13) for variant in VARIANTS)],
)
def test_interrupted_by_ctrl_c_and_resumed(tmp_path: Path, variant: str, at: int) -> None:
    given = VARIANTS[variant]
    expected, whole = fit(tmp_path / "whole", **given)
    _, half = fit(tmp_path / "half", batches=Cut(Parts(), at, interrupt), **given)
    assert half.ended_by == "interrupt"
    resumed, training = fit(tmp_path / "half", resume=True, **given)
    assert torch.equal(last_weights(tmp_path / "half"), last_weights(tmp_path / "whole"))
    assert torch.equal(resumed, expected)
    assert same_but_for_time(training, whole)


def test_checkpoints_change_nothing(tmp_path: Path) -> None:
    expected, whole = fit()
    found, training = fit(tmp_path / "with")
    assert torch.equal(found, expected)
    assert same_but_for_time(training, whole)


def test_two_epochs_and_two_more_are_four(tmp_path: Path) -> None:
    fit(tmp_path / "whole")
    fit(tmp_path / "half", epochs=2)
    fit(tmp_path / "half", resume=True)
    assert torch.equal(last_weights(tmp_path / "half"), last_weights(tmp_path / "whole"))


def test_written_in_the_middle_of_an_epoch_and_then_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    fit(tmp_path / "whole")
    monkeypatch.setattr(checkpoints, "SECONDS_BETWEEN", 0)
    with pytest.raises(Killed):
        fit(tmp_path / "half", batches=Cut(Parts(), 14, die))
    position = checkpoints.read_tree(tmp_path / "half" / checkpoints.LAST)["position"]
    assert (position["epoch"], position["batch"]) == (1, 4)
    fit(tmp_path / "half", resume=True)
    assert torch.equal(last_weights(tmp_path / "half"), last_weights(tmp_path / "whole"))


def test_short_epochs_are_not_all_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []

    def write(path: Path, tree: object) -> None:
        written.append(path)
        write_tree(path, tree)

    monkeypatch.setattr(checkpoints, "write_tree", write)
    monkeypatch.setattr(checkpoints, "_SHARE", 1e-9)
    fit(tmp_path / "run", epochs=6)
    assert [path.name for path in written].count(checkpoints.LAST) == 2  # the first and the last
    assert checkpoints.read_tree(tmp_path / "run" / checkpoints.LAST)["position"]["epoch"] == 6


def test_twice_interrupted(tmp_path: Path) -> None:
    expected, _ = fit()
    fit(tmp_path / "half", batches=Cut(Parts(), 5, interrupt))
    fit(tmp_path / "half", batches=Cut(Parts(), 9, interrupt), resume=True)
    found, _ = fit(tmp_path / "half", resume=True)
    assert torch.equal(found, expected)


def test_a_training_that_is_complete_is_not_trained_on(tmp_path: Path) -> None:
    expected, whole = fit(tmp_path / "whole")
    found, training = fit(tmp_path / "whole", resume=True)
    assert torch.equal(found, expected)
    assert training.steps == whole.steps
    assert training.ended_by == "epochs"


def test_shuffled_batches_and_a_data_loader(tmp_path: Path) -> None:
    data = torch.utils.data.TensorDataset(*Parts().values.split([20, 20, 1])[:2])
    loader = torch.utils.data.DataLoader(data, batch_size=3, shuffle=True)
    fit(tmp_path / "whole", batches=loader)
    fit(tmp_path / "half", batches=Cut(loader, 10, interrupt))
    fit(tmp_path / "half", batches=loader, resume=True)
    assert torch.equal(last_weights(tmp_path / "half"), last_weights(tmp_path / "whole"))


def test_epochs_of_different_numbers_of_batches(tmp_path: Path) -> None:
    _, whole = fit(tmp_path / "whole", batches=Ragged())
    assert whole.steps == 8 + 6 + 5 + 5
    for at in (10, 14):
        fit(tmp_path / str(at), batches=Cut(Ragged(), at, interrupt))
        fit(tmp_path / str(at), batches=Ragged(), resume=True)
        assert torch.equal(last_weights(tmp_path / str(at)), last_weights(tmp_path / "whole"))


KILLED = """
import os, signal, sys
sys.path.insert(0, {here!r})
from pathlib import Path
from learners import Cut, Parts
from test_resume import fit
fit(Path({folder!r}), batches=Cut(Parts(), 21, lambda: os.kill(os.getpid(), signal.SIGKILL)))
"""


@pytest.mark.slow
def test_killed_by_the_system_and_resumed(tmp_path: Path) -> None:
    script = KILLED.format(here=str(Path(__file__).parent), folder=str(tmp_path / "half"))
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -signal.SIGKILL
    expected, _ = fit()
    found, _ = fit(tmp_path / "half", resume=True)
    assert torch.equal(found, expected)


def test_other_options_are_refused_by_name(tmp_path: Path) -> None:
    fit(tmp_path / "run", epochs=1)
    with pytest.raises(InputError, match=r"learning_rate = 0.02: the training in .* has 0.01; resume it with the same"):
        fit(tmp_path / "run", resume=True, learning_rate=0.02)
    with pytest.raises(InputError, match=r"batches of the first epoch = 4: .* has 8"):
        fit(tmp_path / "run", resume=True, batches=Parts(21))


def test_nothing_to_resume(tmp_path: Path) -> None:
    with pytest.raises(ModelFolderError, match="there is no training to resume in"):
        fit(tmp_path, resume=True)
    with pytest.raises(InputError, match="there is no folder of checkpoints"):
        fit(resume=True)


@pytest.mark.parametrize("damage", ["cut", "empty", "other"])
def test_a_damaged_checkpoint_is_refused(tmp_path: Path, damage: str) -> None:
    fit(tmp_path, epochs=1)
    path = tmp_path / checkpoints.LAST
    content = path.read_bytes()
    path.write_bytes({"cut": content[: len(content) // 2], "empty": b"", "other": b"PK\x03\x04" * 100}[damage])
    with pytest.raises(ModelFolderError, match=r"last.safetensors is damaged"):
        fit(tmp_path, resume=True)


def test_only_the_last_state_and_the_best_weights_are_kept(tmp_path: Path) -> None:
    _, training = fit(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"best-{training.best_step}.safetensors", "last.safetensors"]


def test_a_full_disk_is_a_warning_and_the_state_before_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fit(tmp_path / "run", epochs=1)
    before = (tmp_path / "run" / checkpoints.LAST).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.warns(RuntimeWarning, match=r"no checkpoint could be written .*No space left on device"):
        _, training = fit(tmp_path / "run", epochs=2, resume=True)
    assert training.epochs == 2
    assert (tmp_path / "run" / checkpoints.LAST).read_bytes() == before
    assert not list((tmp_path / "run").glob(".*"))


def test_checkpoints_lie_beside_the_model_and_go_alone(tmp_path: Path) -> None:
    folder = checkpoint_folder(tmp_path / "model")
    assert folder == tmp_path / "model.training"
    fit(folder, epochs=1)
    (folder / "notes.txt").write_text("mine")
    remove_checkpoints(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    (folder / "notes.txt").unlink()
    remove_checkpoints(folder)
    assert not folder.exists()
    remove_checkpoints(folder)


@pytest.mark.parametrize("name", [checkpoints.LAST, "best-7.safetensors"])
def test_what_a_kill_in_the_middle_of_a_checkpoint_leaves_goes(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model.training"
    folder.mkdir()
    (folder / f".{name}.x1y2z3").write_bytes(b"half")
    (folder / ".notes").write_text("mine")
    fit(folder, epochs=1)
    assert {path.name for path in folder.glob(".*")} == {".notes"}
    (folder / f".{name}.x1y2z3").write_bytes(b"half")
    remove_checkpoints(folder)
    assert [path.name for path in folder.iterdir()] == [".notes"]


def test_a_training_goes_on_from_the_weights_of_another() -> None:
    network = line()
    first = run(network, epochs=3)
    second = run(network, epochs=3)
    assert dataclasses.asdict(second)["validation"]["loss"] < first.validation["loss"]
