"""The options of a command: one for each field of an options class, the same from a `config.yaml`, and those of a task.

An options class is the one source of names, defaults, bounds and help. A command of a task, such as `recurra fit TASK`,
is made when it is asked for: the options of a task are many.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from typer.main import get_command

from recurra.cli.help import Command, Group
from recurra.cli.terminal import reporting_failures
from recurra.errors import InputError, RecurraError
from recurra.messages import translated
from recurra.tasks.registry import TASKS, Task
from recurra.training.option_fields import OptionField, expectation, option_fields

__all__ = [
    "Part", "Quiet", "as_written", "naming_options", "options_of_fit", "read_config", "task_command", "task_group",
    "with_options",
]  # fmt: skip

Part = Annotated[Path | None, typer.Option(help="Separate data for this part, in place of a share of DATA.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print errors alone.")]

Decorator = Callable[[Callable[..., None]], Callable[..., None]]

_TEXTS = tuple[str, ...]
"""What is given once for each; typer knows it as a list."""

_CONTEXT = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
_CONFIG = inspect.Parameter(
    "config",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        Path | None,
        typer.Option(help="config.yaml of a model, for the options that are not given here.", metavar="FILE"),
    ],
)

_SECTIONS = {"task": str, "data": dict, "options": dict}
"""What a `config.yaml` holds, beside versions."""


def with_options(
    options_class: type,
    /,
    *,
    task: str | None,
    without: Collection[str] = (),
    closed: Collection[str] = (),
    into: str = "options",
) -> Decorator:
    """Give a command one option for each field of an options class.

    Its other parameters stay as they are, but for those that it is to be without.

    Parameters
    ----------
    options_class
        Whose fields become options of the command.
    task
        Gives the command the option --config too: what is not given on the command line is taken from there.
    without
        Parameters that the command has not.
    closed
        Fields that become no option: they keep their default, or what --config says.
    into
        The command's parameter that gets the object. With a task, a parameter `given` gets the names of the
        options that were given on the command line.
    """
    fields = [field for field in option_fields(options_class) if field.name not in closed]

    def widened(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def call(**values: Any) -> None:
            chosen = {field.name: values.pop(field.name) for field in fields}
            if task is not None:
                given, config = _given(chosen, values.pop("context")), values.pop("config")
                if config is not None:
                    known = read_config(config, tasks=(task,))["options"]
                    chosen |= {name: value for name, value in known.items() if name not in given}
                values |= {"given": given} if "given" in own else {}
            made = {name: tuple(value) if isinstance(value, list) else value for name, value in chosen.items()}
            flags = {name: value for name, value in values.items() if isinstance(value, bool)}
            with naming_options({**flags, **made}):
                command(**values, **{into: options_class(**made)})

        own = inspect.signature(command, eval_str=True).parameters
        filled = (into, *without) if task is None else (into, "given", *without)
        kept = [parameter for name, parameter in own.items() if name not in filled]
        parameters = (
            [*kept, *map(_parameter, fields)] if task is None else [_CONTEXT, *kept, _CONFIG, *map(_parameter, fields)]
        )
        call.expectations = {  # type: ignore[attr-defined]
            **getattr(command, "expectations", {}),
            **{field.name: expectation(field) for field in fields},
        }
        call.alone = {  # type: ignore[attr-defined]
            f"--{field.name.replace('_', '-')}": field.described.alone
            for field in fields
            if field.described.alone is not None
        }
        call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return call

    return widened


def _given(names: Iterable[str], context: typer.Context) -> set[str]:
    """Return which options were given on the command line."""
    sources = {name: context.get_parameter_source(name) for name in names}
    return {name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"}


@contextmanager
def naming_options(options: Mapping[str, Any], /, *, of_fit: bool = False) -> Iterator[None]:
    """Let errors in the block name options as the command line does, if they are those of `fit`, as its."""
    try:
        yield
    except RecurraError as error:
        translation = error.translation or translated(str(error))
        error.translation = as_written(translation, options, of_fit=of_fit, into=translated)
        error.args = (as_written(str(error), options, of_fit=of_fit),)
        raise


def options_of_fit(fitted: Any, /, *, without: Collection[str] = ()) -> dict[str, Any]:
    """Return the options that a model was fitted with, without those that a command has itself."""
    return {
        field.name: getattr(fitted.options_, field.name)
        for field in dataclasses.fields(fitted.options_)
        if field.name not in without
    }


def as_written(
    message: str, options: Mapping[str, Any], /, *, of_fit: bool = False, into: Callable[[str], str] = str
) -> str:
    """Return a message with options as they are written on the command line: --no-tied for "tied = False".

    A name of one word is an option only before its value: else it may be any word.

    Parameters
    ----------
    message, options
        The message, and the options with their values of now.
    of_fit
        Whether they are not the command's own, but those of `recurra fit`, which is said of each that has its value.
    into
        Translates what is said.
    """

    def written(found: re.Match[str]) -> str:
        name, value, now = found["name"].replace("_", "-"), found["value"], options[found["name"]]
        if value in ("True", "False") and isinstance(now, bool):
            option = f"--{name}" if value == "True" else f"--no-{name}"
        else:
            option = f"--{name}{'' if value is None else f' {value}' if isinstance(now, str) else f' = {value}'}"
        return into(f"{option} of recurra fit") if of_fit and value is not None else option

    names = "|".join(rf"{name}\b" if "_" in name else rf"{name}(?= = )" for name in options)
    found = rf"(?<![\w'\"/.-])(?P<name>{names})(?: = (?P<value>[A-Za-z]\w*))?(?!['\"/-]|\.\w)"
    return re.sub(found, written, message, flags=re.ASCII)  # by which a letter of Chinese ends a name


def _parameter(field: OptionField) -> inspect.Parameter:
    words = _words_beside_a_number(field.type)
    option = typer.Option(
        help=field.described.help,
        rich_help_panel=field.described.panel,
        parser=functools.partial(_number_or_word, words=words) if words else None,
        metavar=f"<{'|'.join(['float', *words])}>" if words else "<str>" if field.type == _TEXTS else None,
    )
    return inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=field.default,
        annotation=Annotated[Any if words else list[str] if field.type == _TEXTS else field.type, option],
    )


def _words_beside_a_number(kind: Any) -> list[str]:
    """Return the words of `float | Literal[...]`, for which typer has no type; none for another type."""
    words = [word for each in get_args(kind) if get_origin(each) is Literal for word in get_args(each)]
    return words if float in get_args(kind) else []


def _number_or_word(value: str | float, words: Sequence[str]) -> str | float:
    if value in words:
        return value
    try:
        return float(value)
    except ValueError:
        raise typer.BadParameter(f"{value!r} is no number and not {' or '.join(words)}.") from None


def read_config(path: Path, /, *, tasks: tuple[str, ...]) -> dict[str, Any]:
    """Read the `config.yaml` of a model, to repeat its training; a cell of one's own is that of its `cell.json`.

    Parameters
    ----------
    path
        The file.
    tasks
        The tasks that it may be of.

    Raises
    ------
    InputError
        If it cannot be read, is none, is of another task, or has an option that the task does not know.
    """
    from recurra.data.files import read_regular
    from recurra.tasks.cell_choice import is_own_cell
    from recurra.tasks.options import check_known
    from recurra.training.model_folder import CELL, LARGEST_TEXT, plain_yaml

    try:
        known = plain_yaml(read_regular(path, largest=LARGEST_TEXT, may_be_link=True))
    except OSError as error:
        raise InputError(f"--config: {path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InputError(f"--config: {path} is no YAML: {error}") from None
    if not isinstance(known, dict) or not all(isinstance(known.get(name), kind) for name, kind in _SECTIONS.items()):
        raise InputError(f"--config: {path} is not the config.yaml of a model: expected {', '.join(_SECTIONS)} in it")
    if known["task"] not in tasks:
        raise InputError(f"--config: {path} is of the task {known['task']!r}; expected {' or '.join(tasks)}")
    options, cell = known["options"], path.resolve().with_name(CELL)
    check_known(options, TASKS[known["task"]].options_class(), source=f"--config: {path}")
    if cell.is_symlink():
        raise InputError(f"--config: {cell} is a link; a model folder has none")
    if cell.exists() or is_own_cell(str(options.get("cell"))):
        # the file that the model's cell came from may be anybody's by now, and is not run: its equations are data
        known["options"] = {**options, "cell": str(cell)}
    if not all(isinstance(part, str | None) for part in known["data"].values()):
        raise InputError(f"--config: {path} names data that are no paths: expected texts")
    return known


def task_command(
    command: Callable[..., None],
    task: Task,
    /,
    *,
    closed: Collection[str] = (),
    beside: Decorator = lambda command: command,
) -> Any:
    """Return a command on the data of a task, with its options.

    Its parameter `data` gets the help of the task's data, and may be left out where that needs none; `validation` and
    `test` go where the task takes no parts.

    Parameters
    ----------
    command, task
        The command as a function, and the task.
    closed
        Options of the task that it is to be without.
    beside
        Gives it further options, before those of the task.
    """
    kind = Path if task.needs_data else Path | None
    command.__annotations__["data"] = Annotated[kind, typer.Argument(help=task.data, metavar="DATA")]
    if not task.needs_data:
        command.__kwdefaults__ = {"data": None, **(command.__kwdefaults__ or {})}
    hidden = () if task.has_parts else ("validation", "test")
    with_task = with_options(task.options_class(), task=task.name, without=hidden, closed=closed)
    return reporting_failures(with_task(beside(command)))


def task_group(make: Callable[[Task], Any], /, *, help: Callable[[Task], str]) -> type[Group]:
    """Return the group of the commands of all tasks.

    Parameters
    ----------
    make
        Returns the command of a task, a function.
    help
        Returns its help.
    """

    class Tasks(Group):
        def list_commands(self, ctx: Any) -> list[str]:
            return list(TASKS)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            # None where there is no such task, with all made, so that one is suggested
            for name in [cmd_name] if cmd_name in TASKS else TASKS:
                if name not in self.commands:
                    self.commands[name] = _command(TASKS[name])
            return self.commands.get(cmd_name)

    def _command(task: Task) -> Any:
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(task.name, cls=Command, no_args_is_help=True, help=help(task))(make(task))
        return get_command(alone)

    return Tasks
