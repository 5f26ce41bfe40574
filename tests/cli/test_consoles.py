"""Every command writes on any console and into any file, whatever its encoding and width."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from recurra.cells import ALIASES, LSTM, all_cells, find
from recurra.characters import PLAIN, REPLACE, can_write, plain
from recurra.cli.main import main
from recurra.cli.terminal import print_table, say_data, say_json
from recurra.diagram.layout import drawing
from recurra.diagram.render import to_text
from recurra.errors import InputError
from recurra.tasks.cell_choice import find_cell

ENCODINGS = ["utf-8", "cp1252", "gbk", "ascii", "cp437", "shift_jis"]


class Console:
    """Streams of an encoding in the place of stdout and stderr."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, encoding: str, *, errors: str = "strict") -> None:
        self.encoding = encoding
        self.out, self.err = io.BytesIO(), io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(self.out, encoding=encoding, errors=errors))
        monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(self.err, encoding=encoding, errors="backslashreplace"))
        self.monkeypatch = monkeypatch

    def run(self, *arguments: str) -> str:
        """Return what a command prints; it must end well."""
        self.monkeypatch.setattr(sys, "argv", ["recurra", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 0, self.err.getvalue()
        return self.text()

    def text(self) -> str:
        sys.stdout.flush()
        return self.out.getvalue().decode(self.encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "arguments",
    [("cells",), ("cells", "LSTM"), ("cells", "UnICORNN", "--plans"), ("cells", "GRU", "--latex"), ("cells", "--help")],
    ids=" ".join,
)
def test_a_command_writes(monkeypatch: pytest.MonkeyPatch, encoding: str, arguments: tuple[str, ...]) -> None:
    """Nothing fails, and with the plain spellings all encodings say the same."""
    found = Console(monkeypatch, encoding).run(*arguments)
    assert "\\u" not in found.replace(r"\uparrow", "")
    if arguments == ("cells", "LSTM"):
        gate, sigmoid, times = ("i[t] = ", "σ", "⊙") if can_write("σ⊙", encoding=encoding) else ("i[t] = ", "", "")
        assert gate + (sigmoid or "") in found
        assert plain("c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]") in plain(found)
        assert (times or "*") in found


@pytest.mark.parametrize(
    "utf8", [pytest.param(True, marks=pytest.mark.slow), False], ids=["LANG=C", "LANG=C without Python's UTF-8 mode"]
)
def test_names_in_a_locale_without_unicode(tmp_path: Path, *, utf8: bool) -> None:
    """File names and columns are what they are, and where a console has no such letters these are escaped."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONUTF8", "PYTHONIOENCODING")}
    environment |= {"LANG": "C", "LC_ALL": "C"}
    if not utf8:
        environment |= {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    def run(*arguments: str) -> tuple[int, bytes, bytes]:
        command = [sys.executable, "-m", "recurra", *arguments]
        found = subprocess.run(command, capture_output=True, env=environment, cwd=tmp_path, check=False)
        return found.returncode, found.stdout, found.stderr

    (tmp_path / "无.csv").write_text("Größe\n" + "".join(f"{n % 7}\n" for n in range(60)), encoding="utf-8")
    code, out, err = run(
        "fit", "forecast", "无.csv", "--horizon", "3", "--epochs", "1", "--hidden-size", "4", "--out", "模型"
    )
    assert code == 0, err
    said = out.decode()
    assert ("模型" if utf8 else "\\u6a21\\u578b") in said
    assert "\\udc" not in said
    assert run("predict", "模型", "--csv", "结果.csv")[0] == 0
    assert (tmp_path / "模型" / "weights.safetensors").exists()
    assert (tmp_path / "结果.csv").exists()
    code, out, err = run("predict", "没有")
    assert code == 2
    assert ("没有" if utf8 else "\\u6ca1\\u6709") in err.decode()


def test_a_command_redirected_to_a_file(tmp_path: Path) -> None:
    """As a person does on Windows: a process of its own, its output in a file."""
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    with (tmp_path / "lstm.txt").open("wb") as file:
        command = [sys.executable, "-m", "recurra", "cells", "LSTM"]
        subprocess.run(command, stdout=file, env=environment, check=True)
    text = (tmp_path / "lstm.txt").read_text(encoding="cp1252")
    assert "i[t] = sigmoid(x[t] W_xi + h[t-1] W_hi + b_i)" in text
    assert "di[t]" in text


def test_a_plain_diagram_is_drawn_around_its_text() -> None:
    """What stands in the boxes is respelt before they are drawn, and each character of the lines is one again."""
    for cell in all_cells.values():
        drawn = to_text(drawing(cell.written, spell=plain))
        found = cell.diagram(ascii=True)
        assert found.isascii()
        assert [len(line) for line in found.splitlines()] == [len(line) for line in drawn.splitlines()]
    assert "sigmoid(x W_xi" in LSTM.diagram(ascii=True)


def test_json_is_the_same_in_every_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    data = {"text": "σ é 天气 😀"}
    for encoding in ENCODINGS:
        console = Console(monkeypatch, encoding)
        say_json(data)
        assert json.loads(console.text()) == data


def test_data_are_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an encoding can say is said in it; what it cannot goes to a file as UTF-8, and that is said."""
    console = Console(monkeypatch, "gbk")
    say_data("文本,类\n")
    assert console.text() == "文本,类\n"
    console = Console(monkeypatch, "cp1252")
    say_data("文本,类\n")
    sys.stderr.flush()
    assert console.out.getvalue().decode("utf-8") == "文本,类\n"
    assert console.err.getvalue() == b"The data have characters that cp1252 lacks: written as UTF-8.\n"


def test_all_other_characters_are_escaped() -> None:
    assert "天σ😀é".encode("ascii", REPLACE) == rb"\u5929sigmoid\U0001f600\xe9"
    assert "é·ᵀ".encode("cp1252", REPLACE).decode("cp1252") == "é·^T"
    assert all(spelling.isascii() and len(character) == 1 for character, spelling in PLAIN.items())


@pytest.mark.parametrize("columns", ["80", "100", "200", None])
def test_names_of_cells_are_whole(monkeypatch: pytest.MonkeyPatch, columns: str | None) -> None:
    """At 80 columns, in wide consoles, and in a file, which is as wide as its table."""
    if columns is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", columns)
    lines = Console(monkeypatch, "utf-8").run("cells").splitlines()
    names = [line.split()[0] for line in lines[3:] if line[1:2].strip()]
    assert names[: len(all_cells)] == list(all_cells)
    assert columns is None or max(map(len, lines)) <= int(columns)


def test_a_table_on_a_narrow_console_is_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "12")
    console = Console(monkeypatch, "utf-8")
    print_table(("name", "number"), [("a-long-name-of-a-row", "123456789")])
    assert "".join(console.text().split()).count("1") == 1
    assert max(map(len, console.text().splitlines())) <= 12


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("RNN", "Elman"), ("rnn", "Elman"), ("SimpleRNN", "Elman"), ("GRUCell", "GRU"), ("gru-d", "GRUD"),
        ("mc-lstm", "MassConservingLSTM"), ("mclstm", "MCLSTM"), ("LSTM_layer", "LSTM"), ("CT-RNN", "CTRNN"),
    ],
)  # fmt: skip
def test_other_names_of_cells(name: str, meant: str) -> None:
    assert find_cell(name) is all_cells[meant]


def test_aliases_hide_no_cell() -> None:
    assert set(ALIASES.values()) <= set(all_cells)
    assert not {alias.lower() for alias in ALIASES} & {name.lower() for name in all_cells}
    assert all(find(name) is cell for name, cell in all_cells.items())
    assert find("Transformer") is None
    with pytest.raises(InputError, match=r"there is no cell 'LSTMM' .*; did you mean 'LSTM'\?"):
        find_cell("LSTMM")
