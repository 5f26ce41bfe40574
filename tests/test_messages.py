"""Messages in Chinese: the catalogue has what the code says, pages and help read well, and data are not changed."""

from __future__ import annotations

import ast
import html
import re
import sys
import time
from collections import defaultdict
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
"""Where what is shown is said, as files and folders of the package; errors are said everywhere."""

PROSE = re.compile(r"[A-Za-z]{2,}\W* [A-Za-z({]|[A-Za-z]{3,}.*\.$")
PLACE = re.compile(r"\{([a-z]+|\d+)(?:!t)?\}")
NOT_SHOWN = re.compile(
    r":root|<iframe|system-ui|fill: |stroke|text-anchor|--heat|\(\?<=|@media|bold red|upper left|offset points|DejaVu"
    r"|kept pictures|Noto Sans|Source Han|WenQuanYi|PingFang|YaHei|model name|state matrix"  # not for people
    r"|the (bar|cell|token|path) |a run is computed again|diagnose: |torch.nn's own|^the \{1\}|^connectivity: most"
    r"|Not fitted|several texts|model for \{1\}$|, such as \w+\(|^the path of a|GenerateOptions|^a cell, such as"
    r"|^a tensor on|^torch\.$|^torch\.nn\.\{1\}|^an? \{1\}$|^\{1\} from \{2\} to \{3\}$|^\{1\}: \{2\}, not|^batch, time"
    r"|^\{1\} \{2\} on|^\((batch|time), |^ and then $|^<cell|^--config: |a @ p\.W|^minimum\(|^average_after"
    r"|^optimiser = asgd|^The \{1\} pass|^all steps$|^\{1\} is \{2\}$|^input matrix$"
    r"|^(pair|text|the time) \{1\}$|^\{1\} and \{2\}$"
    r"|[{,]$|^ *\{ | = [RSm];|^m, row|^row \+|^(BEGIN|DELETE|INSERT|SELECT|UPDATE) |redis\.call"  # code
    r"|, \{4\} s left|^trial \{1\} \(|^\{1\} \{2\} in|^  best"  # lines that change while one waits
    r"|^recurra \{1\}$|^Example: |, its cell$"
    r"|^\{1\} of \{2\}$|^\{1\} for \{2\}$|^\{1\}, of \{2\}$|^the input|^the state"
)
COMPOSED = {
    "Show this message and exit.", "default: {1}", "required",  # typer's
    "Example: {1}", "a whole number from {1} to {2}", "a number from {1} to {2}", "a number above {1}, below {2}",
    "a number from {1} on, below {2}", "a number above {1}, {2} at most", "a number above {1}",
    "a number above {1}, {2} at most, or 'auto'", "a number from {1} to {2} or 'auto'", "a whole number from {1} on",
    "{1} forecasts of {2} steps",
    "recurrent layer forwards", "recurrent layer backwards",
}  # fmt: skip
"""Messages that are not said in one piece."""
OF_THE_PROGRAM = {"AssertionError", "AttributeError", "KeyError", "RuntimeError", "TileError", "TypeError"}
"""Errors that are none of who uses it."""


@cache
def literals(path: Path) -> tuple[tuple[str, str], ...]:
    """Return the texts of a module as messages, and what each is: "shown", an "error", or neither, as a docstring.

    The places of an f-string are numbered; {s} is the s of a plural.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts, silent = set[ast.AST](), set[ast.AST]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(node.value)
        elif isinstance(node, ast.Raise) and node.exc and ast.unparse(node.exc).partition("(")[0] in OF_THE_PROGRAM:
            silent.update(ast.walk(node))
        elif isinstance(node, ast.JoinedStr):
            for each in node.values:
                formats = getattr(each, "format_spec", None)
                parts.update([each] if isinstance(each, ast.Constant) else ast.walk(formats) if formats else [])
    errors = said_by_errors(tree)
    texts = [(message_of(node), node) for node in ast.walk(tree) if node not in parts]
    kinds = ((text, "" if node in silent else "error" if node in errors else "shown") for text, node in texts)
    return tuple((text, kind) for text, kind in kinds if text)


def said_by_errors(tree: ast.Module) -> set[ast.AST]:
    """Return what errors are made of: what is raised or complained of, and what the names in that stand for.

    A name stands for what is assigned to it, for what a function returns, or for what a parameter is given.
    """
    named, inside = defaultdict[tuple[ast.AST | None, str], list[ast.AST]](list), dict[ast.AST, ast.AST | None]()
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    waiting: list[ast.AST] = []

    def look_into(node: ast.AST, function: ast.FunctionDef | None) -> None:
        for child in ast.iter_child_nodes(node):
            inside[child] = function
            if isinstance(child, ast.Raise) or (isinstance(child, ast.Call) and name_of(child.func) == "complain"):
                waiting.append(child)
            elif isinstance(child, ast.Return) and child.value and function is not None:
                named[None, function.name].append(child.value)
                if function.returns is not None and ast.unparse(function.returns).endswith("Error"):
                    waiting.append(child.value)
            elif isinstance(child, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and child.value:
                for target in child.targets if isinstance(child, ast.Assign) else [child.target]:
                    for name in names_in(target):
                        named[function, name].append(child.value)
            if isinstance(child, ast.Call) and (called := functions.get(name_of(child.func))):
                parameters = [each.arg for each in called.args.args]
                given = zip(parameters[parameters[:1] == ["self"] :], child.args, strict=False)
                for name, value in [*given, *((each.arg, each.value) for each in child.keywords)]:
                    named[called, name or ""].append(value)
            look_into(child, child if isinstance(child, ast.FunctionDef) else function)

    look_into(tree, None)
    found, seen = set[ast.AST](), set[ast.AST]()
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            found.update(ast.walk(node))
            for name in names_in(node):
                waiting += named.get((inside[node], name)) or named.get((None, name), [])
    return found


def names_in(node: ast.AST) -> set[str]:
    return {name_of(each) for each in ast.walk(node)} - {""}


def name_of(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


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
    said = {text for path in paths for text, kind in literals(path) if kind == "shown"}
    for _, command in commands():
        said |= {command.help or "", command.epilog or ""}
        said |= {getattr(each, "help", None) or "" for each in command.params}
        said |= {f"{getattr(each, 'rich_help_panel', None) or ''}" for each in command.params}
    with language("zh"):
        missing = {part for part in parts_of(said) if translated(part) == part}
    assert not missing, entries(missing)


@pytest.mark.parametrize("folder", sorted({path.name for path in SOURCE.iterdir() if path.suffix in ("", ".py")}))
def test_every_error_has_a_translation(folder: str) -> None:
    if folder == "testing":  # for those who write cells and exercises
        return
    paths = [SOURCE / folder] if folder.endswith(".py") else (SOURCE / folder).rglob("*.py")
    missing = parts_of({text for path in paths for text, kind in literals(path) if kind == "error"})
    assert not missing, entries(missing)


def parts_of(texts: set[str]) -> set[str]:
    """Return the prose of texts that the catalogue does not have and should."""
    prose = (part for text in texts for part in (paragraphs(text) if PROSE.search(text) else []))
    return {part for part in prose if part not in catalogue("zh") and not NOT_SHOWN.search(part)}


def entries(texts: set[str]) -> str:
    return "".join(f"\n\nmsgid {text!r}\nmsgstr ''" for text in sorted(texts))


def test_the_places_of_translations_are_those_of_the_messages() -> None:
    for message, translation in catalogue("zh").items():
        assert translation, message
        has, takes = ({place for place in PLACE.findall(text) if place != "s"} for text in (message, translation))
        assert takes == has or message.startswith(("{1}{2} in validation", "{1} {2} the wrong tag")), message


@pytest.mark.slow  # all modules are read
def test_no_translation_is_of_a_message_that_there_is_no_more() -> None:
    known = {text for path in SOURCE.rglob("*.py") for text, _ in literals(path)}
    known |= {" ".join(part.split()) for text in known for part in re.split(r"\n+", text)}
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
        parts = (
            "8 recordings train, 1 choose the weights, 1 test (drawn at random, seed 0), 9 rows left out as incomplete "
        )
        said = "8 条录音训练，1 条选择权重，1 条测试（随机抽取，种子 0），9 个行因不完整或无法使用而略去"
        assert translated(f"{parts}or unusable.") == f"{said}。"
        short = translated(f"{parts}or unusable, without 2 too short for the text: best epoch 1 of 1.")
        assert short.startswith(f"{said}，2 个因太短、容不下文本而略去：")
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
    given = ["fit", "forecast", "a.csv", "--output", "negative-binomial", "--normalise", "last"]
    done = CliRunner().invoke(app, ["--language", "zh", *given])
    assert "Error: --normalise = 'last': counts cannot be negative; expected window or none" in done.output
    assert "错误：--normalise = 'last'：计数不能为负；应为 window 或 none" in done.output
    with language("zh"):
        expected = "--hidden-size = 0：应为 1 到 65,536 的整数"
        assert translated("--hidden-size = 0: expected a whole number from 1 to 65,536") == expected
        missing = translated("a.csv has no column 'X', its columns are 'x', 'y'; did you mean 'x'?")
        assert missing == "a.csv 没有列 'X'，它的列为 'x', 'y'；是否想用 'x'？"


ERRORS = {
    "a.csv, column 'x', data row 7: 'seven' is not a number; expected one such as 12.5":
        "a.csv，列 'x'，数据第 7 行：'seven' 不是数；应为如 12.5 者",
    "a.csv, column 'x', data row 7: '1,5' is not a number (3 such rows in all); expected one such as 12.5; for a "
    "decimal comma give the option decimal":
        "a.csv，列 'x'，数据第 7 行：'1,5' 不是数（共 3 行如此）；应为如 12.5 者；若小数点是逗号，请给出选项 decimal",
    "a.csv, column 'x', data row 7: the value is missing ('NA'); fill the gap or remove the rows before it":
        "a.csv，列 'x'，数据第 7 行：值缺失 ('NA')；请补上，或去掉它之前的行",
    "a.csv, column 'ds', data row 7: the time 29 of series 'A' is there twice, also in row 3":
        "a.csv，列 'ds'，数据第 7 行：时间 29（序列 'A'） 出现了两次，也在第 3 行",
    "a.csv, column 'day': the times are not regular: most steps are 1 day, but from data row 3 (2020-01-03) to row 4 "
    "(2020-01-05) it is 2 days; fill the gap, or leave the time column out to number the rows":
        "a.csv，列 'day'：时间不规则：多数步长为 1 day，但从 数据第 3 行（2020-01-03）到第 4 行（2020-01-05）"
        "为 2 days；请补上缺口，或不给时间列而按行编号",
    "a.csv: 3 of its 24 recordings cannot be used; missing = drop leaves them out:\n  row 2: b.wav is silent\n  row 3: "
    "c.wav is empty; expected a sound file\n  and 1 more":
        "a.csv：24 个录音中有 3 个无法使用；missing = drop 可略去它们：\n  第 2 行：b.wav 没有声音\n  第 3 行："
        "c.wav 是空的；应为声音文件\n  另有 1 个",
    "a.csv: its only recording cannot be used; missing = drop leaves it out:\n  row 1: b.wav is silent":
        "a.csv：仅有的一个录音无法使用；missing = drop 可略去它：\n  第 1 行：b.wav 没有声音",
    "a.csv, training: 3 of its 24 recordings cannot hold the text, for which CTC needs more steps (see height)":
        "a.csv, training：24 个录音中有 3 个容不下文本，CTC 为此需要更多的步（见 height）",
    "odd.tsv, data row 2: the label 'mo' is not one that the model knows, 'no', 'yes'; did you mean 'no'?":
        "odd.tsv，数据第 2 行：标签 'mo' 不是模型认识的，它认识 'no', 'yes'；是否想用 'no'？",
    "a.ts, line 5, channel 2, step 3: the value is missing ('?')": "a.ts，第 5 行，通道 2，第 3 步：值缺失（'?'）",
    "a.tsv, data row 2: the target is empty (2 such data rows: 2, 5); fill it, or leave such pairs out with the option "
    "drop_empty":
        "a.tsv，数据第 2 行：target 一侧为空（共 2 个 数据行：2, 5）；请补上，或用选项 drop_empty 略去这样的对",
    "a.conll, line 2: the tag 'I-PER' follows 'O'; expected 'B-PER' or 'I-PER' before it; 3 more do not follow BIO; "
    "without --scheme strict they are read as they can be":
        "a.conll，第 2 行：标签 'I-PER' 接在 'O' 之后；其前应为 'B-PER' 或 'I-PER'；另有 3 个不符合 BIO；"
        "若不用 --scheme strict，则尽可能照读",
    "a.txt is not utf-8: line 3 has the byte 0xff; save it as UTF-8, or give its encoding, such as 'latin-1' or "
    "'gb18030'": "a.txt 不是 utf-8：第 3 行有字节 0xff；请存为 UTF-8，或给出其编码，如 'latin-1' 或 'gb18030'",
    "data is a folder; expected a text file": "data 是文件夹；应为 文本文件",
    "data is a folder; expected a Parquet file": "data 是文件夹；应为 Parquet 文件",
    "a.jsonl is not a table of JSON lines: line 3 holds a list; expected an object such as {\"a\": 1}":
        "a.jsonl 不是 JSON lines 表格：第 3 行是 list；应为对象，如 {\"a\": 1}",
    "a.npz is no file of plain NumPy arrays: it holds object; expected numbers or texts":
        "a.npz 不是普通 NumPy 数组的文件：其内容是 object；应为数或文本",
    "a.csv has 10 rows; a window of 22 and a horizon of 11 need at least 55: 22 + 11 for training, and parts for "
    "validation and test; give more rows, a smaller window or horizon":
        "a.csv 有 10 行；窗口 22 与预测长度 11 至少需要 55 行：22 + 11 行用于训练，还有验证和测试的部分；"
        "请给出更多行、更小的窗口或预测长度",
    "time_format = '%q' is no time format (%q is not known); expected one such as '%Y-%m-%d %H:%M', with %Y, %m":
        "time_format = '%q' 不是时间格式（不认识 %q）；应为如 '%Y-%m-%d %H:%M' 者，可用 %Y, %m",
    "--latex was given without a cell; expected recurra cells CELL":
        "给出了 --latex，却没有给出单元；应为 recurra cells CELL",
    "--horizon: model is a model for classify; expected one for forecast":
        "--horizon：model 是用于 classify 的模型；应为 forecast 的模型",
    "there is no cell 'LSMT' (`recurra cells` lists all, and your own is named as file.py:Name); did you mean 'LSTM'?":
        "没有单元 'LSMT'（`recurra cells` 列出全部，你自己的写作 file.py:Name）；是否想用 'LSTM'？",
    "there is no model folder a.csv; it is a file": "没有模型文件夹 a.csv；它是文件",
    "model cannot be written: its lock model.lock is a link": "无法写入 model：它的锁 model.lock 是链接",
    "model does not hold a config.yaml that can be read: it has an alias (*name), which is not read":
        "model 中没有可以读取的 config.yaml：它有别名（*name），不能读取",
    "process 12 on host is training into model; wait for it, or give another folder":
        "host 上的进程 12 正在把训练写入 model；请等它结束，或另给一个文件夹",
    "the loss is nan at epoch 3, step 5; a smaller learning rate or a smaller clip may help; the weights of epoch 2 "
    "are kept": "第 3 轮第 5 步处损失为 nan；较小的学习率或较小的 clip 或许有用；保留第 2 轮的权重",
    "hidden_size: got 2.5, expected a whole number, at least 1": "hidden_size：得到 2.5，应为不小于 1 的整数",
    "to: got 'cobol', expected one of ['c', 'js']": "to：得到 'cobol'，应为 ['c', 'js'] 之一",
    "to='onnx' needs onnx, which is not installed: pip install 'recurra[onnx]'":
        "to='onnx' 需要 onnx，尚未安装：pip install 'recurra[onnx]'",
    "--host 127.0.0.1 --port 80: cannot listen there: Permission denied; is another server running? --port 0 takes a "
    "free port":
        "--host 127.0.0.1 --port 80：无法在那里监听：Permission denied；是否已有另一个服务器在运行？"
        "--port 0 任取一个空闲端口",
    "the search 'tune' is there already with another options: hidden_size was 3 and is 4; give another folder or name, "
    "or the same options":
        "搜索 'tune' 已存在，但其 options 不同：hidden_size 原为 3，现为 4；"
        "请另给一个文件夹或名称，或给出相同的 options",
    "Elman, line 3: `h = np.maximum(x, h)`\n  numpy's maximum is unknown in a cell: use recurra's maximum":
        "Elman，第 3 行：`h = np.maximum(x, h)`\n  单元中不能用 numpy 的 maximum：请用 recurra's maximum",
    "Elman, line 3: `h = x[0]`\n  [0]: a cell has no indexing; give each part its own parameters and equation":
        "Elman，第 3 行：`h = x[0]`\n  [0]：单元没有下标；请给每一部分各自的参数和方程",
    "input: got 4 features (shape (7, 2, 4)), expected 3": "input：得到 4 个特征（形状 (7, 2, 4)），应为 3 个",
}  # fmt: skip
"""What errors say, as made of several messages, or of one with places that a more general one would take."""


@pytest.mark.parametrize(("english", "chinese"), ERRORS.items(), ids=range(len(ERRORS)))
def test_errors_are_chinese_as_a_whole(english: str, chinese: str) -> None:
    with language("zh"):
        assert translated(english) == chinese


def test_what_no_message_fits_is_found_out_at_once() -> None:
    seconds = []
    with language("zh"):
        for number in range(8):
            begun = time.perf_counter()
            assert translated(text := f"nothing fits this text of {number} words, whatever is tried") == text
            seconds.append(time.perf_counter() - begun)
    assert min(seconds) < 0.005


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


def english(text: str) -> set[str]:
    """Return the words of a text without functions, names of options, paths, weights and sacreBLEU's signatures."""
    return set(re.findall(r"\b[a-z]{3,}\b(?! ?=)", re.sub(r"\S+[/.|]\S+", "", text))) - {"tanh"}


@pytest.mark.slow
@pytest.mark.parametrize("task", SMALL)
def test_a_model_is_made_and_used_in_chinese(tmp_path: Path, task: str) -> None:
    data, model = write_data(tmp_path / "data", task), tmp_path / "model"
    own = english(data.read_text(encoding="utf-8") if data.is_file() else "")  # a model writes what it has read
    given = [f"--{name.replace('_', '-')}={value}" for name, value in SMALL[task].items()]
    fitted = CliRunner().invoke(app, ["--language", "zh", "fit", task, str(data), "--out", str(model), *given])
    assert fitted.exit_code == 0, fitted.output
    assert "模型在 " in fitted.output
    why = CliRunner().invoke(app, ["--language", "zh", "diagnose", str(model), str(data), "--out", str(tmp_path)])
    assert why.exit_code == 0, why.output
    for page in (model / "report.html", tmp_path / "report.html"):
        text = page.read_text(encoding="utf-8")
        assert '<html lang="zh"' in text
        assert not [each for each in shown(text) if len(english(each) - own) > 3]
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
