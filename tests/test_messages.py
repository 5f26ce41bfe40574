"""Messages in Chinese: that the catalogue has what the code says, and that nothing else is changed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from typer.main import get_command

from recurra.cli.main import app

SOURCE = Path(__file__).parent.parent / "src/recurra"
SPEAKING = [
    "cli", "report", "diagnose", "tasks/page.py", "tasks/scores.py", "tasks/cost.py", "tasks/forecast/page.py",
    "tasks/forecast/scores.py", "tasks/language/page.py", "tasks/language/scores.py", "tasks/classify/page.py",
    "tasks/classify/scores.py", "tasks/tag/page.py", "tasks/tag/scores.py", "tasks/translate/page.py",
    "tasks/translate/scores.py", "tasks/transcribe/page.py", "tasks/transcribe/scores.py", "tasks/estimator.py",
    "tasks/forecast/estimator.py", "tasks/language/estimator.py", "tasks/advice.py", "tune/page.py", "tune/display.py", "tune/search.py",
    "plan/workload.py", "plan/sweeps.py", "plan/budget.py",
]  # fmt: skip
PROSE = re.compile(r"[A-Za-z]{2,}\W* [A-Za-z({]|[A-Za-z]{3,}.*\.$")


def help_texts() -> Iterator[str]:
    """Yield the paragraphs of all help: of commands, of options, their headings."""
    waiting = [get_command(app)]
    while waiting:
        command = waiting.pop()
        for text in (command.help or "", command.epilog or ""):
            yield from (" ".join(part.split()) for part in re.sub(r"\x08\n", "", text).split("\n\n") if part.strip())
        for parameter in command.params:
            yield getattr(parameter, "help", "") or ""
            yield getattr(parameter, "rich_help_panel", "") or ""
        if hasattr(command, "list_commands"):
            waiting += [command.get_command(None, name) for name in command.list_commands(None)]


def message_of(node: ast.expr) -> str | None:
    """Return a literal text as a message; places are numbered, and {s} is the s of a plural."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    parts, number = [], 0
    for each in node.values:
        if isinstance(each, ast.Constant):
            parts.append(each.value)
        else:
            literals = {leaf.value for leaf in ast.walk(each) if isinstance(leaf, ast.Constant)}
            is_plural = "s" in literals and literals <= {"s", "", 1}
            number += not is_plural
            parts.append("{s}" if is_plural else f"{{{number}}}")
    return "".join(parts)


def spoken(path: Path) -> Iterator[str]:
    """Yield the texts of a module that are prose, but for docstrings and what errors say."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            silent.update(ast.walk(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            for part in node.values:
                silent.update([part] if isinstance(part, ast.Constant) else ast.walk(part.format_spec) if part.format_spec else [])
    for node in ast.walk(tree):
        text = message_of(node) if isinstance(node, ast.expr) and node not in silent else None
        if text and PROSE.search(text):
            yield text


def messages() -> set[str]:
    """Return all messages of the code that are longer than a word."""
    paths = [path for each in SPEAKING for path in ([SOURCE / each] if each.endswith(".py") else (SOURCE / each).glob("*.py"))]
    found = {" ".join(text.split()) if "\n\n" not in text else text for path in paths for text in spoken(path)}
    return found | set(help_texts())
