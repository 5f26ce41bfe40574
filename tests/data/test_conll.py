"""CoNLL files: read, written back byte for byte, and what is said of wrong lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from recurra.data import ConllColumns, read_conll, with_tags
from recurra.errors import DataError

COLUMNS = "-DOCSTART- -X- O\n\nEU NNP  B-ORG\nrejects VBZ O\n\n\n# # O\nlamb\tNN\tO"
UNIVERSAL = """# sent_id = 1
# text = I can't
1\tI\tI\tPRON\tPRP\t_\t2\tnsubj\t_\t_
2-3\tcan't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
2\tca\tcan\tAUX\tMD\t_\t0\troot\t_\t_
3\tn't\tnot\tPART\tRB\t_\t2\tadvmod\t_\t_
3.1\tgo\tgo\tVERB\t_\t_\t_\t_\t_\t_

1\tYes\tyes\tINTJ\tUH\t_\t0\troot\t_\t_

"""


def write(folder: Path, text: str | bytes, name: str = "s.conll") -> Path:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder / name


def test_a_column_file(tmp_path: Path) -> None:
    found = read_conll(write(tmp_path, COLUMNS))
    assert found.words == (("EU", "rejects"), ("#", "lamb"))
    assert found.tags == (("B-ORG", "O"), ("O", "O"))
    assert found.rows == ((3, 4), (7, 8))
    assert read_conll(write(tmp_path, COLUMNS), columns=ConllColumns(tag=2)).tags == (("NNP", "VBZ"), ("#", "NN"))
    assert read_conll(write(tmp_path, COLUMNS), columns=ConllColumns(word=-2, tag=None)).tags is None


def test_universal_dependencies(tmp_path: Path) -> None:
    path = write(tmp_path, UNIVERSAL, "s.conllu")
    found = read_conll(path)
    assert found.words == (("I", "ca", "n't"), ("Yes",))
    assert found.tags == (("PRON", "AUX", "PART"), ("INTJ",))
    assert found.rows == ((3, 5, 6), (9,))
    assert read_conll(path, columns=ConllColumns(word="lemma", tag="XPOS")).words[0] == ("I", "can", "not")


@pytest.mark.parametrize("name", ["s.conll", "s.conllu"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_is_written_back_is_the_file(tmp_path: Path, name: str, end: str, mark: bytes) -> None:
    text = UNIVERSAL if name == "s.conllu" else COLUMNS
    path = write(tmp_path, mark + text.replace("\n", end).encode(), name)
    found = read_conll(path)
    assert found.words[0][0] in ("I", "EU")
    assert with_tags(found, found.tags) == path.read_bytes()
    changed = with_tags(found, [["NEW"] * len(tags) for tags in found.tags])
    assert read_conll(write(tmp_path, changed, f"new.{name}")).tags == tuple(("NEW",) * len(t) for t in found.tags)
    assert changed.count(b"NEW") == 4


def test_a_tag_in_the_first_column_leaves_a_byte_order_mark_where_it_is(tmp_path: Path) -> None:
    path = write(tmp_path, "\ufeffO EU\n")
    found = read_conll(path, columns=ConllColumns(word=2, tag=1))
    assert found.tags == (("O",),)
    assert with_tags(found, [["B-ORG"]]) == "\ufeffB-ORG EU\n".encode()


def test_tags_go_into_a_new_column_where_there_is_none(tmp_path: Path) -> None:
    found = read_conll(write(tmp_path, "EU\nrejects \n\nlamb"))
    assert found.tags is None
    assert with_tags(found, [["A", "B"], ["C"]]) == b"EU A\nrejects B\n\nlamb C"
    found = read_conll(write(tmp_path, COLUMNS))
    assert with_tags(found, [["A", "B"], ["C", "D"]], append=True).decode() == (
        "-DOCSTART- -X- O\n\nEU NNP  B-ORG A\nrejects VBZ O B\n\n\n# # O C\nlamb\tNN\tO\tD"
    )


def test_comments_of_column_files_are_kept(tmp_path: Path) -> None:
    text = "a O\n#begin document (x); part 0\nb O\n"
    found = read_conll(write(tmp_path, text))
    assert found.words == (("a", "b"),)
    assert with_tags(found, [["X", "O"]]) == b"a X\n#begin document (x); part 0\nb O\n"


@pytest.mark.parametrize(
    ("name", "text", "columns", "message"),
    [
        ("s.conll", "", {}, "holds no sentence"),
        ("s.conll", "a O\nb\n", {}, "line 2: 1 columns; expected 2"),
        ("s.conllu", "1\tI\n", {}, "line 1: 2 columns; expected 10"),
        ("s.conll", "a\t\n", {}, "line 1: column 2 is empty"),
        ("s.conll", "a O\n", {"tag": 3}, "has 2 columns; there is no column 3"),
        ("s.conll", "a O\n", {"tag": 0}, "there is no column 0"),
        ("s.conll", "a O\n", {"tag": "UPOS"}, "no column 'UPOS'; expected a number"),
        ("s.conllu", UNIVERSAL, {"tag": "upo"}, "no column 'upo'; expected one of ID, .*did you mean 'UPOS'"),
        ("s.conll", b"a \xff\n", {}, "not UTF-8: line 1 has the byte 0xff"),
    ],
)
def test_wrong_files(tmp_path: Path, name: str, text: str, columns: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_conll(write(tmp_path, text, name), columns=ConllColumns(**columns))  # pyright: ignore[reportArgumentType]


def test_tags_that_do_not_fit_the_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="sentence 2: 1 tags for 2 tokens"):
        with_tags(read_conll(write(tmp_path, COLUMNS)), [["A", "B"], ["C"]])
    found = read_conll(write(tmp_path, UNIVERSAL, "s.conllu"))
    with pytest.raises(DataError, match="tags of 1 sentences for 2"):
        with_tags(found, [["A", "B", "C"]])
    with pytest.raises(DataError, match="no place for a further column"):
        with_tags(found, [["A", "B", "C"], ["D"]], append=True)
