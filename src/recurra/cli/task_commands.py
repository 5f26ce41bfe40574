"""A command for each task, such as `recurra fit TASK`, made when it is asked for: the options of a task are many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from recurra.tasks.registry import TASKS, Task

__all__ = ["task_group"]


def task_group(make: Callable[[Task], Any], /, *, help: Callable[[Task], str]) -> type[TyperGroup]:
    """Return the group of the commands of all tasks.

    Parameters
    ----------
    make
        Returns the command of a task, a function.
    help
        Returns its help.
    """

    class Tasks(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:
            return list(TASKS)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            # None where there is no such task, with all made, so that one is suggested
            for name in [cmd_name] if cmd_name in TASKS else TASKS:
                if name not in self.commands:
                    self.commands[name] = _command(TASKS[name])
            return self.commands.get(cmd_name)

    def _command(task: Task) -> Any:
        alone = typer.Typer(add_completion=False, rich_markup_mode="rich")
        alone.command(task.name, no_args_is_help=True, help=help(task))(make(task))
        return get_command(alone)

    return Tasks
