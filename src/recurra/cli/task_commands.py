"""A command for each task, such as `recurra fit TASK`, made when it is asked for: the options of a task are many."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from recurra.cli.help import Command, Group
from recurra.cli.options import with_options
from recurra.cli.terminal import reporting_failures
from recurra.tasks.registry import TASKS, Task

__all__ = ["Part", "Quiet", "task_command", "task_group"]

Part = Annotated[Path | None, typer.Option(help="Separate data for this part, in place of a share of DATA.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print errors alone.")]


Function = Callable[..., None]


def task_command(
    command: Function,
    task: Task,
    /,
    *,
    closed: Collection[str] = (),
    beside: Callable[[Function], Function] = lambda command: command,
) -> Any:
    """Return a command on the data of a task, with its options.

    Its parameter `data` gets the help of the task's data; `validation` and `test` go where the task takes no parts.

    Parameters
    ----------
    command, task
        The command as a function, and the task.
    closed
        Options of the task that it is to be without.
    beside
        Gives it further options, before those of the task.
    """
    command.__annotations__["data"] = Annotated[Path, typer.Argument(help=task.data, metavar="DATA")]
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
