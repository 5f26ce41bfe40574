"""Messages in Chinese: the catalogue has what the code says, pages and help read well, and data are not changed."""

from __future__ import annotations

import ast
import html
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import matplotlib.font_manager
import pytest
import typer
from small_models import SMALL, write_data
from typer.main import get_command
from typer.testing import CliRunner

from recurra.cli import main
from recurra.cli.main import app
from recurra.errors import InputError
from recurra.messages import catalogue, language, language_of_system, translated
from recurra.report import Headline, Report, Section, Table, render, training_pictures
from recurra.report.drawing import _chinese_fonts, picture, rastered
from recurra.tasks.page import score_block
from recurra.tasks.scores import ScoreTable

SOURCE = Path(__file__).parent.parent / "src/recurra"
SPEAKING = [
    "cli", "report", "diagnose", "tasks/page.py", "tasks/scores.py", "tasks/cost.py", "tasks/estimator.py",
    "tasks/forecast/estimator.py", "tasks/language/estimator.py", "tune/page.py", "tune/display.py", "tune/search.py",
    "tasks/classify/labels_scores.py", "plan/workload.py", "plan/sweeps.py",
    *(f"tasks/{name}/{part}.py" for name in SMALL for part in ("page", "scores")),
]  # fmt: skip
"""Where what is shown is said, as files and folders of the package."""

PROSE = re.compile(r"[A-Za-z]{2,}\W* [A-Za-z({]|[A-Za-z]{3,}.*\.$")
PLACE = re.compile(r"\{([a-z]+|\d+)(?:!t)?\}")
NOT_SHOWN = re.compile(
    r":root|<iframe|system-ui|fill: |stroke|text-anchor|--heat|\(\?<=|@media|bold red|upper left|offset points|DejaVu"
    r"|kept pictures|Noto Sans|Source Han|WenQuanYi|PingFang|YaHei|model name|state matrix"  # not for people
    r"|the (bar|cell|token|path) |expected|without a cell|--config|diagnose: |there are|no backward|torch.nn's"
    r"|a tensor of|in evaluation|such as |Not fitted|several texts|model for|not measured|^the \{1\}"  # errors
    r"|^torch\.$|^connectivity: "
    r"|, \{4\} s left|^trial \{1\} \(|^\{1\} \{2\} in|^  best"  # lines that change while one waits
    r"|^recurra \{1\}$|^Example: |, its cell$"
    r"|^\{1\} of \{2\}$|^\{1\} for \{2\}$|^\{1\}, of \{2\}$|^the input|^the state"
)
COMPOSED = {
    "Show this message and exit.", "default: {1}", "required",  # typer's
    "Example: {1}", "a whole number from {1} to {2}", "a number from {1} to {2}", "a number above {1}, below {2}",
    "a number from {1} on, below {2}", "{1} forecasts of {2} steps",
    "recurrent layer forwards", "recurrent layer backwards",
}  # fmt: skip
"""Messages that are not said in one piece."""


@cache
def literals(path: Path) -> tuple[tuple[str, bool], ...]:
    """Return the texts of a module as messages, and whether they are shown: no docstrings, and nothing that is raised.

    The places of an f-string are numbered; {s} is the s of a plural.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts, silent = set[ast.AST](), set[ast.AST]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            silent.update(ast.walk(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            for each in node.values:
                formats = getattr(each, "format_spec", None)
                parts.update([each] if isinstance(each, ast.Constant) else ast.walk(formats) if formats else [])
    texts = [(message_of(node), node not in silent) for node in ast.walk(tree) if node not in parts]
    return tuple((text, is_shown) for text, is_shown in texts if text)


def message_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    text, number = "", 0
    for each in node.values:
        if isinstance(each, ast.Constant):
            text += each.value
            continue
        inside = {leaf.value for leaf in ast.walk(each) if isinstance(leaf, ast.Constant)}
        is_plural = "s" in inside and inside <= {"s", "", 1}
        number += not is_plural
        text += "{s}" if is_plural else f"{{{number}}}"
    return text


def commands() -> Iterator[tuple[typer.Context, Any]]:
    """Yield each command with its context."""
    waiting = [(None, "recurra", get_command(app))]
    while waiting:
        above, name, command = waiting.pop()
        context: Any = command.context_class(command, parent=above, info_name=name, **command.context_settings)
        yield context, command
        if hasattr(command, "list_commands"):
            waiting += [(context, each, command.get_command(context, each)) for each in command.list_commands(context)]


def paragraphs(text: str) -> Iterator[str]:
    for part in text.split("\n\n"):
        if PROSE.search(part):
            yield " ".join(part.split()) if "\n\n" in text else part


def test_every_message_has_a_translation() -> None:
    paths = [path for name in SPEAKING for path in ([SOURCE / name] if ".py" in name else (SOURCE / name).glob("*.py"))]
    said = {text for path in paths for text, is_shown in literals(path) if is_shown}
    for _, command in commands():
        said |= {command.help or "", command.epilog or ""}
        said |= {getattr(each, "help", None) or "" for each in command.params}
        said |= {f"{getattr(each, 'rich_help_panel', None) or ''}" for each in command.params}
    with language("zh"):
        missing = {
            part
            for text in said
            for part in (paragraphs(text) if PROSE.search(text) else [])
            if part not in catalogue("zh") and not NOT_SHOWN.search(part) and translated(part) == part
        }
    assert not missing, "".join(f"\n\nmsgid {text!r}\nmsgstr ''" for text in sorted(missing))


def test_the_places_of_translations_are_those_of_the_messages() -> None:
    for message, translation in catalogue("zh").items():
        assert translation, message
        has, takes = ({place for place in PLACE.findall(text) if place != "s"} for text in (message, translation))
        assert takes == has or message.startswith(("{1}{2} in validation", "{1} {2} the wrong tag")), message


@pytest.mark.slow  # all modules are read
def test_no_translation_is_of_a_message_that_there_is_no_more() -> None:
    known = {text for path in SOURCE.rglob("*.py") for text, _ in literals(path)}
    known |= {" ".join(part.split()) for text in known for part in text.split("\n\n")}
    for _, command in commands():
        known |= {" ".join(part.split()) for part in (command.help or "").split("\n\n")}
    pages = "".join(path.read_text() for path in SOURCE.glob("report/templates/**/*.jinja"))
    words = {text for text in known if text.isidentifier()}
    counted = {f"{{1}} {word}{plural}" for word in words for plural in ("", "s", "{s}")}
    stale = set(catalogue("zh")) - known - counted - COMPOSED
    assert sorted(text for text in stale if f'"{text}"' not in pages and text[:9] != "Looks at ") == []


def test_what_stands_in_a_message_is_not_translated() -> None:
    with language("zh"):
        assert translated("Wrote 3 rows to training.") == "已将 3 行写入 training。"
        assert translated("3 % of the units of dead are zero throughout") == "dead 的单元中有 3 % 始终为零"
        assert translated("Sales of the north") == "Sales of the north"


def test_messages_are_put_together_as_they_are_in_english() -> None:
    with language("zh"):
        where = "The model is in a model, with a report: a model/report.html. Next: recurra predict a model"
        assert translated(where) == "模型在 a model，附报告：a model/report.html。下一步：recurra predict a model"
        assert translated("Test errors: 36 rolling windows of 11 steps, 1963 to 2008").startswith(
            "测试误差：36 个滚动窗口"
        )
        assert translated("Units: 388 parts of words to 14 characters.") == "单位：388 个子词译成 14 个字符。"
        assert translated("There was no validation. There is but one class.") == "没有验证。只有一个类别。"


def test_the_language_is_chosen_for_a_while() -> None:
    assert translated("Print JSON.") == "Print JSON."
    with language("zh"):
        assert translated("Print JSON.") == "打印 JSON。"
        with language("en"):
            assert translated("Print JSON.") == "Print JSON."
    with pytest.raises(InputError, match="expected 'en' or 'zh'"), language("de"):
        pass


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "fr:en:zh"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "RECURRA_LANGUAGE": "en"}, "en"),
    ],
)
def test_the_environment_says_the_language(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str
) -> None:
    for name in ("RECURRA_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language_of_system() == expected


def test_a_console_without_chinese_letters_gets_english(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECURRA_LANGUAGE", "zh_CN")
    for has_letters, usage in ((True, "用法："), (False, "Usage: ")):
        monkeypatch.setattr(main, "fits_console", lambda text, has_letters=has_letters: has_letters)
        monkeypatch.setattr(sys, "argv", ["recurra", "--help"])
        with pytest.raises(SystemExit):
            main.main()
        assert capsys.readouterr().out.startswith(usage)


def test_help_is_chinese_and_fits_its_lines() -> None:
    with language("zh"):
        for context, command in commands():
            lines = command.get_help(context).splitlines()
            for line in lines:
                said = not re.match(r"用法|  (示例|.*：recurra)|\s*-|  DATA|  \w+ <", line)
                columns = sum(1 + (east_asian_width(letter) in "WF") for letter in line)
                assert not said or columns <= 80, line
                assert not re.search(r"([a-z]{3,} ){4}", line) or "recurra " in line, line
            assert re.search("[一-鿿]", "".join(lines[2:4])), command.name


def test_errors_are_english_with_a_chinese_line_beside() -> None:
    done = CliRunner().invoke(app, ["--language", "zh", "fit", "forecast", "--horizont", "3"])
    assert "Error: there is no option --horizont; did you mean '--horizon'?" in done.output
    assert "错误：没有选项 --horizont；是否想用 '--horizon'？" in done.output
    with language("zh"):
        expected = "--hidden-size = 0：应为 1 到 65,536 的整数"
        assert translated("--hidden-size = 0: expected a whole number from 1 to 65,536") == expected
        missing = translated("a.csv has no column 'X', its columns are 'x', 'y'; did you mean 'x'?")
        assert missing == "a.csv 没有列 'X'，它的列为 'x', 'y'；是否想用 'x'？"


def shown(page: str) -> list[str]:
    """Return the texts of a page, without code and quotations."""
    page = re.sub(r"<(script|style|blockquote|code)\b.*?</\1>", "", page, flags=re.DOTALL)
    texts = re.findall(r">([^<>]+)<", page) + re.findall(r'(?:title|aria-label)="([^"]+)"', page)
    return [html.unescape(text).strip() for text in texts]


def test_a_report_is_chinese() -> None:
    steps = [
        {"step": step, "train_loss": 1 / step, "learning_rate": 0.01, "gradient_norm": 1.0} for step in range(1, 9)
    ]
    history = {"steps": steps, "validations": [{"epoch": 1, "step": 8, "loss": 0.5}]}
    scores = ScoreTable(title="Test errors", columns=("forecast", "MAE"), rows=(("seasonal naive, 11 back", "27.17"),))
    named = Table(title="Each class", header=("class", "examples"), rows=(("training", "3"),))
    with language("zh"):
        report = Report(
            title="Forecast of training",
            subtitle="There was no validation.",
            headlines=(Headline(label="test MASE", value="0.5", detail="seasonal naive 1.0"),),
            sections=(Section(title="Training", blocks=(*training_pictures(history), score_block(scores), named)),),
        )
        page = render(report)
    texts = shown(page)
    assert '<html lang="zh" data-words="浅色|深色|切换浅色与深色">' in page
    assert {"training 的预测", "测试 MASE", "季节性朴素，往回 11 步", "类别", "损失", "梯度范数，对数"} <= set(texts)
    assert "training" in texts  # a class of this name stays as it is, where the key of a curve says 训练
    assert "训练" in texts
    assert "<h1>Forecast of training</h1>" in render(report)


@pytest.mark.slow
@pytest.mark.parametrize("task", SMALL)
def test_a_model_is_made_and_used_in_chinese(tmp_path: Path, task: str) -> None:
    data, model = write_data(tmp_path / "data", task), tmp_path / "model"
    given = [f"--{name.replace('_', '-')}={value}" for name, value in SMALL[task].items()]
    fitted = CliRunner().invoke(app, ["--language", "zh", "fit", task, str(data), "--out", str(model), *given])
    assert fitted.exit_code == 0, fitted.output
    assert "模型在 " in fitted.output
    why = CliRunner().invoke(app, ["--language", "zh", "diagnose", str(model), str(data), "--out", str(tmp_path)])
    assert why.exit_code == 0, why.output
    for page in (model / "report.html", tmp_path / "report.html"):
        text = page.read_text(encoding="utf-8")
        assert '<html lang="zh"' in text
        english = [each for each in shown(text) if len(re.findall(r"\b[a-z]{3,}\b(?! ?=)", each)) > 3]
        assert not english
    answers = [CliRunner().invoke(app, [*of, "evaluate", str(model), "--json"]) for of in ([], ["--language", "zh"])]
    assert answers[0].output == answers[1].output


def test_files_of_pixels_are_chinese_where_a_font_has_its_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    for fonts in ([], ["DejaVu Serif"]):
        _chinese_fonts.cache_clear()
        monkeypatch.setattr("recurra.report.drawing._CHINESE", tuple(fonts))
        monkeypatch.setattr(matplotlib.font_manager, "get_font_names", lambda: ["DejaVu Sans", "DejaVu Serif"])
        drawn: list[str] = []
        with language("zh"), rastered():
            picture(
                lambda axes, drawn=drawn: drawn.append(translated("Loss by position")),
                title="",
                caption="",
                description="",
            )
        written.append(drawn[0])
    _chinese_fonts.cache_clear()
    assert written == ["Loss by position", "各位置的损失"]
