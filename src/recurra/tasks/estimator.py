"""`Estimator`: the verbs that every task has (fit, predict, evaluate, save, load), with the habits of scikit-learn."""

from __future__ import annotations

import abc
import copy
import dataclasses
import functools
import re
import sys
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any, ClassVar, Generic, Self, TypeVar, cast

import torch

from recurra import Cell
from recurra.arguments import kind_of, path_argument
from recurra.diagnose import Diagnosis
from recurra.errors import CellError, InputError, ModelFolderError, RecurraError, TrainingError
from recurra.export import ExportedModel, export
from recurra.export.description import WEIGHTS
from recurra.messages import translated
from recurra.nn import Quantised, Recurrent, quantised
from recurra.nn.checks import check_named
from recurra.nn.layer import quantised_exactly
from recurra.notebook import page, table
from recurra.report import Report, render
from recurra.tasks.cell_choice import choose_cell, is_own_cell, stored_cell, task_cell
from recurra.tasks.cost import announced, compared
from recurra.tasks.model import Prepared, Refit, Sources, TaskModel
from recurra.tasks.options import TaskOptions, check_known
from recurra.tasks.page import closing_section, training_section
from recurra.tasks.scores import Listing, ScoreTable
from recurra.training import model_folder
from recurra.training.batches import seeded
from recurra.training.distributed import first_process
from recurra.training.history import History
from recurra.training.loop import Surroundings, Training, train
from recurra.training.model_folder import Folder, write_model_folder

__all__ = ["Estimator"]

Options = TypeVar("Options", bound=TaskOptions)
Model = TypeVar("Model", bound=TaskModel)

_QUOTING = (model_folder.PREDICTIONS, model_folder.REPORT)
"""The files that quote the data, which a model does without."""

_MEASURED_STAY = "the measured weights are kept"


class _NotFittedError(InputError, AttributeError):
    """What a model has is asked for before it was fitted; `hasattr` says no, then."""


class Estimator(abc.ABC, Generic[Options, Model]):
    """A task: reads a person's data, trains a network, and meets new data with it.

    What was learnt is one frozen model, which the attributes read. A task says what is its own in `_prepare`, `_few`,
    `_measure` and `_report`, and what its files hold in the class of its model.

    Parameters
    ----------
    options
        What to learn and how to train.
    cell
        The recurrent cell, in place of the one that the options name.

    Attributes
    ----------
    metrics_
        Test scores, and what the weights were trained on, as in `metrics.json`.
    training_
        How the training went; None after `load`.
    history_of_training_
        Losses, rates and gradient norms; see `recurra.training.history.History`.
    """

    task: ClassVar[str]
    options_class: ClassVar[type[TaskOptions]]
    model_class: ClassVar[type[TaskModel]]

    metrics_: dict[str, Any]
    training_: Training | None
    history_of_training_: History

    def __init__(self, options: Options | None = None, *, cell: Cell | None = None) -> None:
        self.options: Options = self._checked_options(self.options_class() if options is None else options)
        self.cell = _checked_cell(cell)
        self._model: Model | None = None
        self._data: Mapping[str, str | None] = {}
        self._page: Callable[[], str] = str

    def __copy__(self) -> Self:
        """Return a copy that shares all it has."""
        made = type(self).__new__(type(self))
        vars(made).update(vars(self))
        return made

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: the report as it is now, in place of the data that it would be made of."""
        return {**self.__dict__, "_page": functools.partial(str, self._made_page() if self.is_fitted else "")}

    # what a task says --------------------------------------------------------------------------------------------

    @abc.abstractmethod
    def _prepare(self, sources: Sources, cell: Cell, /, *, earlier: Model | None) -> Prepared[Model]:
        """Read and split the data, and make the model and its learner; with `earlier`, both go on from that model.

        Torch's generator has been seeded.
        """

    @abc.abstractmethod
    def _few(self, prepared: Prepared[Model]) -> Any:
        """Return the split of the data that is measured and reported with so few rows that to try it takes no time."""

    @abc.abstractmethod
    def _measure(self, prepared: Prepared[Model]) -> tuple[dict[str, Any], Any]:
        """Return what `metrics.json` says beside the training: "test" with the scores of the test part, and more.

        Beside it stands what the network said of the test part, for `_report` to have it again. What the model knows
        of itself from then on, such as its predictions of the test part, is in a new `_model`.
        """

    def _after_refit(self, prepared: Prepared[Model]) -> None:
        """Note that the network is now the one that was trained anew, in what the model knows of its data."""

    @abc.abstractmethod
    def _report(self, prepared: Prepared[Model], tested: Any) -> Report:
        """Return what is the task's own on the page about the model; `tested` is what `_measure` found."""

    @abc.abstractmethod
    def listing(self, data: Any = None, /) -> Listing:
        """Return `predict` as the command shows it."""

    @abc.abstractmethod
    def evaluate(self, data: Any, /) -> Any:
        """Measure the model on other data."""

    @abc.abstractmethod
    def score_table(self, scores: Mapping[str, Any], /) -> ScoreTable:
        """Return scores (`metrics_["test"]`, or what `evaluate` returned as a dictionary) as a table for people."""

    @abc.abstractmethod
    def trained_on(self) -> str:
        """Return a sentence: on what the weights were trained, and how long."""

    # what was learnt ---------------------------------------------------------------------------------------------

    @property
    def _trained(self) -> Model:
        """The trained model; `InputError` without one."""
        if self._model is None:
            name = type(self).__name__
            raise _NotFittedError(f"this {name} has no weights yet; call fit() or {name}.load() first")
        return self._model

    @property
    def is_fitted(self) -> bool:
        """Whether there are weights."""
        return self._model is not None

    @property
    def model_(self) -> Model:
        """The trained model: all that its folder holds."""
        return self._trained

    @property
    def options_(self) -> Options:
        """The options, with what was left open filled in from the data."""
        return cast("Options", self._trained.options)

    @property
    def cell_(self) -> Cell:
        """The cell."""
        return self._trained.cell

    @property
    def network_(self) -> torch.nn.Module:
        """The trained network."""
        return self._trained.network

    def quantised(self, weights: str, /) -> Self:
        """Return a copy that predicts and evaluates with the matrices of its recurrent layers in fewer bits.

        It neither trains nor is saved: quantise what is loaded.

        Parameters
        ----------
        weights
            ``"bfloat16"`` or ``"int8"``; see `recurra.nn.quantised`.

        Raises
        ------
        InputError
            If `weights` is another, or the model is not trained.
        """
        made = copy.copy(self)
        made._model = dataclasses.replace(self._trained, network=quantised(self._trained.network, weights))
        return made

    def exported(self, *, weights: str = "float32") -> ExportedModel:
        """Return what `recurra.export` is given of the model, with the recurrent layers' weights in float32 or int8."""
        check_named("weights", weights, known=WEIGHTS)
        model = self._trained
        if weights == "int8":
            model = dataclasses.replace(model, network=quantised_exactly(model.network, weights))
        return model.exported()

    def export(self, out: str | Path, /, *, to: str | None = None, **options: Any) -> tuple[Path, ...]:
        """Write the model as code or a graph that runs without Python, with the tables of its data in a file beside it.

        Parameters
        ----------
        out
            The file; its suffix says the format, unless `to` does.
        to, options
            As `recurra.export.export` takes them.
        """
        return export(self, out, to=to, **options)

    # the verbs ---------------------------------------------------------------------------------------------------

    def fit(
        self,
        data: Any,
        /,
        *,
        validation: Any = None,
        test: Any = None,
        go_on: bool = False,
        progress: bool = False,
        tensorboard: Path | None = None,
        checkpoints: Path | None = None,
        resume: bool = False,
        out: Path | None = None,
    ) -> Self:
        """Train on data, keep the best weights, and measure them on the part that nothing has seen.

        What comes after the training is tried before it, on a few rows and with the weights as they are. The first
        Ctrl-C ends the training early and keeps the best weights; `training_.ended_by` says so.

        Parameters
        ----------
        data
            A path or a frame; the task says which.
        validation, test
            Separate data for those parts; by default they are taken from `data`.
        go_on
            Whether to begin with the weights, and all that belongs to them, of this model rather than with new ones.
        progress
            Whether to say on stderr what it will take and how it goes; the former is in `metrics_["plan"]` too, beside
            what it took.
        tensorboard, checkpoints, resume
            See `recurra.training.loop.Surroundings`.
        out
            Folder into which the model is saved, without a report, as soon as there are weights and before they are
            measured; `save` is still to be called. With it the report is tried before the training too.

        Raises
        ------
        DataError
            If the data cannot be read or are too few.
        InputError
            If there is no such cell.
        TrainingError
            If what comes after the training fails when it is tried, or the loss becomes NaN or infinite. Where there
            were good weights before, the model has the best of them and `is_fitted` is true.
        """
        sources = Sources(training=data, validation=validation, test=test)
        prepared = self.prepare(sources, go_on=go_on)
        self.training_ = None
        self._dry_run(prepared, has_page=out is not None)
        if progress and prepared.note and first_process():
            sys.stderr.write(translated(f"{prepared.note}\n"))
        cost = announced(prepared) if progress and not resume else None
        if cost is not None:
            sys.stderr.write(
                translated(f"{cost.sentence(epochs=prepared.options.epochs, minutes=prepared.options.minutes)}\n")
            )
        training = train(
            prepared.learner,
            training=prepared.training,
            validation=prepared.validation,
            options=prepared.options,
            surroundings=Surroundings(
                progress=progress, tensorboard=tensorboard, checkpoints=checkpoints, resume=resume
            ),
        )
        self._model, self._data = prepared.model, sources.names()
        self.training_, self.history_of_training_ = training, training.history
        self.metrics_ = {
            "training": training.summary(),
            "parameters": self._parameters(),
            **compared(cost, training, batches=len(prepared.training)),
        }
        # from here on there are weights: whatever fails, they can be saved
        self._page = lambda: _page_without("the model was not measured")
        if out is not None and first_process():
            self.save(out, lean=True)
        measured, tested = self._measure(prepared)
        self.metrics_ = {**measured, **self.metrics_}
        self._page = lambda: render(self._whole_report(prepared, tested))
        if training.problem:
            raise TrainingError(f"{training.problem}; the weights of epoch {training.best_epoch} are kept")
        if prepared.refit is not None and training.ended_by != "interrupt":
            self._refit(prepared, prepared.refit, measured=training, progress=progress)
        return self

    def diagnose(self, data: Any, /, *, dependence: int | None = None, most_batches: int = 4) -> Diagnosis:
        """See why the model learns or fails to on the training part of some data.

        Parameters
        ----------
        data
            As for `fit`; they are read and split as the model's options say. The model stays as it is.
        dependence
            Over how many steps the data depend on themselves; by default it is estimated.
        most_batches
            Batches on which gradients are measured.

        Raises
        ------
        DataError
            If the data cannot be read or are too few.
        InputError
            As `recurra.diagnose.diagnose`.

        Examples
        --------
        >>> from recurra.tasks import Forecaster, ForecastOptions
        >>> options = ForecastOptions(time="year", target="sunspots", horizon=11, season_length=11, epochs=1)
        >>> found = Forecaster(options).fit("examples/sunspots.csv").diagnose("examples/sunspots.csv")
        >>> found.model, len(found.layers)
        ('the forecaster', 1)
        """
        again = copy.copy(self)
        again.options = self.options_for(data)  # of the model: they say how the data are split
        prepared = again.prepare(Sources(training=data), go_on=True)
        found = prepared.diagnose(dependence=dependence, most_batches=most_batches)
        words = re.findall("[A-Z][a-z]*", type(self).__name__)
        return dataclasses.replace(found, model=f"the {' '.join(words).lower()}")

    def options_for(self, data: Any, /) -> Options:
        """Return the options of the model for data that stand in place of those that it was fitted on."""
        return self.options_

    @property
    def fitted_on(self) -> str | None:
        """The file that the model was fitted on, None where its options name it; `InputError` if it is not there."""
        name = self._data.get("training")
        if name is None or not Path(name).exists():
            known = "no file" if name is None else f"{name}, which is not there"
            raise InputError(f"got no data, and the model was fitted on {known}; expected data to look at it with")
        return name

    def prepare(self, sources: Sources, /, *, go_on: bool = False) -> Prepared[Model]:
        """Read and split the data and make a learner, as `fit` does before it trains.

        Parameters
        ----------
        sources
            The data.
        go_on
            Whether the learner has this model's weights rather than new ones.

        Raises
        ------
        DataError, InputError
            As `fit`.
        """
        earlier = self._trained if go_on else None
        cell = earlier.cell if earlier else task_cell(self.cell) if self.cell else choose_cell(self.options.cell)
        with seeded(self.options.seed):
            return self._prepare(sources, cell, earlier=earlier)

    def save(self, folder: str | Path, /, *, lean: bool = False) -> Path:
        """Write the model folder in one step, and return its path.

        Parameters
        ----------
        folder
            A new or empty folder, or that of a model, which is replaced.
        lean
            Whether to leave out the report and the predictions of the test part, which quote the data. A model that was
            loaded from such a folder has none to write.

        Raises
        ------
        ModelFolderError
            If the folder exists and is something else than a model, or cannot be written.
        """
        model = self._trained
        if any(isinstance(module, Quantised) for module in model.network.modules()):
            raise InputError("save: a quantised model has no folder; save the one that it was made of")
        folder = path_argument(folder, name="save", expected="the path of a folder")
        files = {**self._common_files(), model_folder.WEIGHTS: model_folder.weights(model.network), **model.to_files()}
        if lean:
            files.pop(model_folder.PREDICTIONS, None)
        else:
            files[model_folder.REPORT] = self._made_page().encode("utf-8", "backslashreplace")
        files = {name: content for name, content in files.items() if content or name not in _QUOTING}
        write_model_folder(folder, files)
        return folder

    @classmethod
    def load(cls, folder: str | Path, /) -> Self:
        """Read a model folder; nothing in it is run.

        Raises
        ------
        ModelFolderError
            If the folder is missing, incomplete, damaged, from a newer version, or of another task.
        """
        return cls.restored(Folder.read(path_argument(folder, name="load", expected="the path of a model folder")))

    @classmethod
    def restored(cls, folder: Folder, /) -> Self:
        """Return the model of a folder that has been read; see `load`."""
        config = folder.config
        if folder.task != cls.task:
            raise ModelFolderError(f"{folder.path} is a model for {folder.task!r}; expected one for {cls.task!r}")
        with folder.checked(f"model for {cls.task}"):
            check_known(config["options"], cls.options_class, source=model_folder.CONFIG)
            options = cls.options_class(**config["options"])
            cell = stored_cell(options.cell, folder.files.get(model_folder.CELL))
            made = cls(options, cell=cell if model_folder.CELL in folder.files else None)  # pyright: ignore[reportArgumentType]
            made._model = cls.model_class.from_files(folder, options=options, cell=cell)  # pyright: ignore[reportAttributeAccessIssue]
            made.metrics_ = folder.json(model_folder.METRICS, model_folder.Metrics).model_dump(exclude_unset=True)
            made.training_ = None
            made.history_of_training_ = History.from_json(folder.files[model_folder.TRAINING].decode())
            made._data = config["data"]
            made._page = functools.partial(str, folder.files.get(model_folder.REPORT, b"").decode())
            if "test" in made.metrics_:  # a score that cannot be shown is found here, not when it is asked for
                made.score_table(made.metrics_["test"])
                made.trained_on()
        return made

    def to_torch(self) -> torch.nn.Module:
        """Return a copy of the trained network as a plain torch module, in evaluation."""
        return copy.deepcopy(self.network_).eval()

    def _repr_html_(self) -> str:
        """Return what it learnt, how well, its equations and the options that are not the defaults, for notebooks."""
        title = type(self).__name__
        defaults = self.options_class()
        given = [
            (field.name, str(value))
            for field in dataclasses.fields(self.options)
            if (value := getattr(self.options, field.name)) != getattr(defaults, field.name)
        ]
        options = table(("option", "value"), given) if given else ""
        if not self.is_fitted:
            return page(title, "Not fitted yet.", options)
        scores = self.metrics_.get("test")
        return page(
            title,
            self.trained_on() if scores else "",
            self.score_table(scores)._repr_html_() if scores else "",
            page(f"{self.cell_.name}, its cell", "", escape(self.cell_._repr_latex_())),
            options,
        )

    @classmethod
    def _checked_options(cls, options: Any) -> Any:
        """Return options of this task; `InputError` for anything else."""
        name = cls.options_class.__name__
        expected = f"{name} for a {cls.__name__}, such as {name}(hidden_size=32)"
        return kind_of(options, cls.options_class, name="options", expected=expected)

    # scikit-learn's habits ---------------------------------------------------------------------------------------

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return what the constructor takes; with `deep`, each option too, as ``options__hidden_size``."""
        params: dict[str, Any] = {"options": self.options, "cell": self.cell}
        if deep:
            names = [field.name for field in dataclasses.fields(self.options)]
            params |= {f"options__{name}": getattr(self.options, name) for name in names}
        return params

    def set_params(self, **params: Any) -> Self:
        """Set what the constructor takes, or single options as ``options__hidden_size``; scikit-learn calls it so."""
        self.options = self._checked_options(params.pop("options", self.options))
        self.cell = _checked_cell(params.pop("cell", self.cell))
        known = {f"options__{field.name}": field.name for field in dataclasses.fields(self.options)}
        unknown = [name for name in params if name not in known]
        if unknown:
            raise InputError(f"set_params: got {unknown[0]!r}; expected options, cell or one of {sorted(known)}")
        self.options = dataclasses.replace(self.options, **{known[name]: value for name, value in params.items()})
        return self

    def _common_files(self) -> dict[str, bytes]:
        """Return the files that every task has, but for the weights and the report."""
        files = {
            model_folder.CONFIG: model_folder.config(self.task, self.options_, data=self._data),
            model_folder.METRICS: model_folder.as_json(self.metrics_),
            model_folder.TRAINING: self.history_of_training_.to_json().encode(),
        }
        if self.cell is not None or is_own_cell(self.options_.cell):
            files[model_folder.CELL] = self._cell_file().encode()
        return files

    def _cell_file(self) -> str:
        """Return the cell as JSON; what are functions of the sizes has the values that they have in the network.

        Raises
        ------
        CellError
            If they have others in one layer than in another: a file holds one cell.
        """
        layers = [layer for layer in self.network_.modules() if isinstance(layer, Recurrent)]
        parts = [part for layer in layers for directions in layer.stack().layers for part in directions]
        texts = {self.cell_.to_json(sizes=part.sizes) for part in parts}
        if len(texts) > 1:
            sizes = " and ".join(str(dict(part.sizes)) for part in parts)
            raise CellError(
                f"{self.cell_.name}: its functions of the sizes have other values in each layer ({sizes}), and a model "
                "folder holds one cell; expected layers=1, or functions that do not read input_size"
            )
        return texts.pop()

    def _dry_run(self, prepared: Prepared[Model], *, has_page: bool) -> None:
        """Try before the training, with the weights as they are, what comes after it.

        Raises
        ------
        RecurraError
            As it would come after the training; a `TrainingError` in place of what is no error of recurra.
        """
        # what is learnt is frozen, so that a shallow copy can measure and report and leave nothing behind
        trial, network = copy.copy(self), prepared.model.network
        few, was_training = dataclasses.replace(prepared, split=self._few(prepared)), network.training
        network.eval()
        trial._model = prepared.model
        trial.history_of_training_ = _one_step(prepared.learner.monitor.measure)
        try:
            with seeded(prepared.options.seed):
                trial._after_training(few, has_page=has_page)
        except RecurraError:
            raise
        except Exception as error:
            raise TrainingError(
                f"the training is not begun, as what comes after it would fail: {type(error).__name__}: {error}"
            ) from error
        finally:
            network.train(was_training)

    def _after_training(self, prepared: Prepared[Model], *, has_page: bool) -> None:
        """Do what comes after the training but for saving."""
        self.metrics_ = {"training": _NO_TRAINING.summary(), "parameters": self._parameters()}
        measured, tested = self._measure(prepared)
        self.metrics_ = {**measured, **self.metrics_}
        self.score_table(self.metrics_["test"])
        self.trained_on()
        self._common_files()
        self._trained.to_files()
        if has_page:
            render(self._whole_report(prepared, tested))

    def _refit(self, prepared: Prepared[Model], refit: Refit, /, *, measured: Training, progress: bool) -> None:
        """Train anew on all rows for as many epochs as were best, and put them in place of the measured weights.

        Where it is interrupted or fails, the measured weights stay.
        """
        epochs, options = measured.best_epoch, prepared.options
        if progress and first_process():
            sys.stderr.write(
                translated(f"Measured; now training anew on all rows, for {epochs} epoch{'s' * (epochs != 1)}.\n")
            )
        # the course of the rate is that of the measured training, over more steps
        steps = options.max_steps and -(-options.max_steps * len(refit.training) // len(prepared.training))
        try:
            training = train(
                refit.learner,
                training=refit.training,
                validation=prepared.validation,
                options=dataclasses.replace(
                    options, learning_rate=measured.learning_rate, max_steps=steps, minutes=None,
                    patience=options.epochs + 1, diagnose_every=0,
                ),
                surroundings=Surroundings(
                    progress=progress, watch=lambda validation: validation["epoch"] < epochs, keep_last=True
                ),
            )  # fmt: skip
        except TrainingError as error:
            raise TrainingError(f"training anew on all rows: {error}; {_MEASURED_STAY}") from None
        if training.problem:
            raise TrainingError(f"training anew on all rows: {training.problem}; {_MEASURED_STAY}")
        if training.ended_by == "interrupt":
            self.training_ = dataclasses.replace(measured, ended_by="interrupt")
            self.metrics_["training"]["ended_by"] = "interrupt"
            return
        self._model = dataclasses.replace(self._trained, network=refit.learner.network)
        self.metrics_["training"] |= {"refitted_epochs": training.epochs, "refitted_seconds": training.seconds}
        self._after_refit(prepared)

    def _whole_report(self, prepared: Prepared[Model], tested: Any) -> Report:
        """Return the page about the model: what the task says, then the training, the options, what it ran on."""
        options, report = prepared.options, self._report(prepared, tested)
        training = training_section(
            self.history_of_training_, monitor=prepared.learner.monitor, loss=self._trained.loss_name,
            clip=options.clip,
        )  # fmt: skip
        sections = (*report.sections, training, closing_section(options, given=self.options))
        return dataclasses.replace(report, subtitle=self.trained_on(), sections=sections)

    def _made_page(self) -> str:
        """Return the report; where it cannot be made, a page that says why, so that the model is saved all the same."""
        try:
            return self._page()
        except Exception as error:
            sys.stderr.write(
                translated(f"The report could not be made ({type(error).__name__}: {error}); the model is saved.\n")
            )
            return _page_without(f"{type(error).__name__}: {error}")

    def _course(self) -> str:
        """Return how long the measured model was trained, and how large it is, for `trained_on`."""
        training = self.metrics_["training"]
        return (
            f"best epoch {training['best_epoch']} of {training['epochs']}, {training['seconds']:.1f} s, "
            f"{self.metrics_['parameters']:,} parameters"
        )

    def _parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.network_.parameters())


def _checked_cell(cell: Any) -> Cell | None:
    """Return a cell or None; `InputError` for anything else."""
    return cell if cell is None else kind_of(cell, Cell, name="cell", expected="a cell, such as recurra.cells.GRU")


_NO_TRAINING = Training(
    epochs=1, steps=1, best_epoch=1, best_step=1, validation={}, learning_rate=0.0, ended_by="epochs", seconds=0.0
)
"""What stands for the training where what comes after it is tried."""


def _one_step(measure: str) -> History:
    """Return the history of a training of one step, so that a report can be tried."""
    history = History()
    history.add_step(step=1, epoch=1, seconds=0.0, loss=1.0, rate=1.0, norm=1.0)
    history.add_validation(step=1, epoch=1, seconds=0.0, measures={"loss": 1.0, measure: 1.0})
    return history


def _page_without(reason: str) -> str:
    """Return a page in place of a report that cannot be made."""
    return render(Report(title="No report", subtitle=reason, headlines=(), sections=()))
