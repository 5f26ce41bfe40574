"""What a trained model of a task is; and its data and learner, ready for training, which cost and diagnosis are of."""

from __future__ import annotations

import abc
import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_sequence, unpack_sequence

from recurra import Cell
from recurra.diagnose import Diagnosis, Examined, diagnose
from recurra.diagnose.layer_names import recurrent_layers
from recurra.export import ExportedModel
from recurra.tasks.options import TaskOptions
from recurra.training.batches import Batches
from recurra.training.learner import Learner
from recurra.training.model_folder import Folder

__all__ = ["Prepared", "Refit", "Sources", "TaskModel", "first_sequence"]


@dataclass(frozen=True, kw_only=True, eq=False)
class TaskModel(abc.ABC):
    """What a trained model is: all that its folder holds, but for how it was trained. Each task adds its own.

    Attributes
    ----------
    options
        With what was left open filled in from the data.
    cell, network
        The cell, and the network, which a training changes in place.
    """

    options: TaskOptions
    cell: Cell
    network: torch.nn.Module

    @property
    @abc.abstractmethod
    def loss_name(self) -> str:
        """What training makes small, with its unit: "mean absolute error (scaled)"."""

    @abc.abstractmethod
    def examined(self, batch: Any, /) -> Examined:
        """Return what the network says of the first sequence of a batch as training has them, with names."""

    @property
    def reader(self) -> torch.nn.Module:
        """The recurrent layers that read a sequence; by default the first of the network."""
        return recurrent_layers(self.network)[0][1]

    @abc.abstractmethod
    def exported(self) -> ExportedModel:
        """Return what `recurra.export` is given: what the model computes, in layers, and the tables beside it.

        Raises
        ------
        ExportError
            If a part of the model cannot be exported.
        """

    @abc.abstractmethod
    def to_files(self) -> dict[str, bytes]:
        """Return the task's own files of the model folder by name."""

    @classmethod
    @abc.abstractmethod
    def from_files(cls, folder: Folder, /, *, options: Any, cell: Cell) -> Self:
        """Return the model whose own files `to_files` wrote, with the folder's weights.

        Raises
        ------
        ModelFolderError
            If a file is something else than it should be, or they do not fit together.
        """


def first_sequence(sequences: PackedSequence, /) -> PackedSequence:
    """Return the first of packed sequences by itself."""
    return pack_sequence([unpack_sequence(sequences)[0]])


Model = TypeVar("Model", bound=TaskModel)


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What a model is fitted on: paths or frames; separate parts for validation and test where they are given."""

    training: Any
    validation: Any = None
    test: Any = None

    @property
    def apart(self) -> dict[str, Any]:
        """The data that are given for validation and test, by the name of the part."""
        parts = {"validation": self.validation, "test": self.test}
        return {name: part for name, part in parts.items() if part is not None}

    def names(self) -> dict[str, str | None]:
        """Return the path of each as text, None for what is no file."""
        parts = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: str(part) if isinstance(part, (str, Path)) else None for name, part in parts.items()}


@dataclass(frozen=True, kw_only=True)
class Refit:
    """What a measured model is trained anew on: a learner as the measured one was before its training, and more data.

    The validation part is that of the measured model; it chooses nothing.
    """

    learner: Learner
    training: Batches


@dataclass(frozen=True, kw_only=True)
class Prepared(Generic[Model]):
    """Data that have been read, with the model and the learner for them.

    Attributes
    ----------
    model
        The model with a new network, or that of an earlier model; a training changes it in place.
    learner
        What trains that network.
    training, validation
        What it learns from, and what chooses the best weights.
    split
        The parts of the data, as the task wants to have them again when it measures and reports.
    refit
        A learner with the same weights to begin with, and more rows, that is trained for as many epochs as were best
        when the model has been measured, and takes its place; None without one.
    note
        What was chosen for the person from the data, as is said before the training; empty if nothing was.
    """

    model: Model
    learner: Learner
    training: Batches
    validation: Batches
    split: Any
    refit: Refit | None = None
    note: str = ""

    @property
    def options(self) -> TaskOptions:
        """The model's options, with what was left open filled in from the data."""
        return self.model.options

    def diagnose(self, *, dependence: int | None = None, most_batches: int = 4) -> Diagnosis:
        """Diagnose the learner on the training part; see `recurra.diagnose.diagnose` for parameters and errors."""
        learner = self.learner

        def loss(batch: Any) -> Tensor:
            learner.carried = None  # each batch by itself
            return learner.loss(batch)

        def losses(batch: Any) -> Tensor | None:
            learner.carried = None
            return learner.losses_by_step(batch)

        return diagnose(
            learner.network, self.training, loss=loss, losses_by_step=losses, dependence=dependence,
            examined=self.model.examined, reads=self.model.reader, most_batches=most_batches,
        )  # fmt: skip
