"""The page: sound HTML, whole in itself, escaped, the same twice."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re

import pytest
from page_reading import Page, read
from report_cases import EVIL

from fresh_python import output_of
from recurra.errors import InputError
from recurra.report import (
    Bar,
    Headline,
    Heat,
    HeatCell,
    Passage,
    Report,
    Section,
    Table,
    TableCell,
    Text,
    Token,
    TokenText,
    render,
)
from recurra.report.page import placed


def test_tags_match_and_ids_are_unique(page: Page) -> None:
    assert len(page.elements) > 500
    assert {name: count for name, count in page.ids().items() if count > 1} == {}


def test_nothing_is_loaded(page: Page, html: str) -> None:
    tags = {element.tag for element in page.elements}
    assert not tags & {"link", "img", "iframe", "object", "embed", "base", "image", "foreignobject", "audio", "video"}
    for element in page.elements:
        for name in ("src", "srcset", "href", "xlink:href", "action", "data"):
            assert (element.attributes.get(name) or "#").startswith("#"), element
        assert "url(" not in (element.attributes.get("style") or "").replace("url(#", "")
    assert not re.search(r"@import|url\((?!#)|https?://", html)


def test_references_lead_to_an_id(page: Page) -> None:
    found = [element.attributes["href"] for element in page.elements if "href" in element.attributes]
    clips = [element.attributes["clip-path"] for element in page.elements if "clip-path" in element.attributes]
    assert len(found) > 20
    assert len(clips) > 10
    targets = {str(link).removeprefix("#") for link in found} | {str(clip)[5:-1] for clip in clips}
    assert targets <= page.ids().keys()


def test_the_policy_allows_the_script_of_the_page_alone(page: Page) -> None:
    policies = [e.attributes["content"] for e in page.all("meta") if "http-equiv" in e.attributes]
    (script,) = page.all("script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    (policy,) = policies
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}'" in policy


def test_texts_are_escaped_wherever_they_stand(page: Page, html: str) -> None:
    assert '<script>alert("1")' not in html
    (heading,) = page.all("h1")
    assert heading.text == EVIL
    assert html.count("&lt;script&gt;alert(") > 25
    assert "49" not in heading.text  # what looks like a template is none
    assert not [element for element in page.elements if "onclick" in element.attributes]


def test_the_same_report_gives_the_same_page(report: Report, html: str) -> None:
    assert render(report) == html


def test_contents_link_to_the_sections(page: Page) -> None:
    headings = [element.attributes["id"] for element in page.all("h2")]
    links = [element.attributes["href"] for element in page.all("a")]
    assert [f"#{heading}" for heading in headings] == links[1 : 1 + len(headings)]
    assert headings[1::3] == ["tables", "tables-part-2"]
    assert "section" in headings


def test_a_page_without_anything_is_a_page() -> None:
    page = read(render(Report(title="Nothing")))
    assert not page.all("nav") + page.all("section") + page.all("footer") + page.all("dl")
    assert page.all("title")[0].text == "Nothing"


def test_headlines_are_cards() -> None:
    page = read(render(Report(title="x", headlines=(Headline(label="MASE", value="0.71", detail="naive 1.00"),))))
    assert page.all("dt")[0].text == "MASE"
    assert [element.text for element in page.with_class("value") + page.with_class("detail")] == ["0.71", "naive 1.00"]


def page_of(*blocks: Table | Heat | TokenText | Text) -> Page:
    return read(render(Report(title="x", sections=(Section(title="s", blocks=blocks),))))


def test_columns_of_numbers_stand_to_the_right() -> None:
    rows = (("a", "0.70", "12 %", "1.2e-5"), ("b", "−1,250", "–", "<1 %"))
    page = page_of(Table(title="t", header=("name", "x", "y", "z"), rows=rows))
    assert [element.attributes.get("class") for element in page.all("th")] == [None, "number", "number", "number"]


@pytest.mark.parametrize("text", ["2020-01-01", "1 apple", "x1", "", "1-2"])
def test_a_column_with_another_text_does_not(text: str) -> None:
    table = Table(title="t", header=("x",), rows=(("1",), (text,)))
    assert table.are_numbers == (False,)


def test_a_bar_is_as_long_as_its_share() -> None:
    cells: tuple[TableCell, ...] = ("a", Bar("25", 0.25))
    page = page_of(Table(title="t", header=("name", "n"), rows=(cells,)))
    assert [e.attributes["style"] for e in page.all("span") if "style" in e.attributes] == ["--share: 0.2500"]


def test_marked_rows_say_so_without_colour() -> None:
    rows = (("horizon", "12"), ("cell", "GRU"))
    page = page_of(Table(title="t", header=("o", "v"), rows=rows, marked=frozenset({1}), mark="Not the default"))
    (row,) = [element for element in page.all("tr") if element.attributes.get("class") == "marked"]
    assert row
    assert [element.text for element in page.with_class("unseen")] == [" (Not the default)"]


def test_tokens_keep_their_text_and_have_their_shade() -> None:
    tokens = (Token("a", 0.5, "3 bits"), Token("  b\n", label="NOUN", is_wrong=True))
    page = page_of(TokenText(title="t", caption="", passages=(Passage(tokens=tokens),), joined_by=""))
    first, second = page.with_class("token")
    assert (first.text, first.attributes["style"], first.attributes["title"]) == ("a", "--share: 0.500", "3 bits")
    assert second.text == "  b\n"
    assert second.attributes == {"class": "token wrong"}
    assert "".join(e.text for e in page.with_class("run")).strip() == ""


def test_paragraphs_are_split_at_empty_lines() -> None:
    page = page_of(Text("one\ntwo\n\nthree"))
    assert [element.text for element in page.all("p")] == ["one two", "three"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Bar("9", 1.2), r"the bar '9': got a share of 1\.2; expected a number from 0 to 1"),
        (lambda: Token("w", float("nan")), r"the token 'w': got a share of nan"),
        (lambda: HeatCell("3", "", -0.1), r"the cell '3': got a share of -0\.1"),
        (
            lambda: Table(title="t", header=("a", "b"), rows=(("1", "2"), ("3",))),
            r"the table 't', row 2: 1 cells; expected 2, one for each of a, b",
        ),
        (
            lambda: Heat(title="h", caption="", down="d", across="a", rows=("x",), columns=("y",), cells=()),
            r"the heat map 'h': cells \(0,\); expected \(1, 1\)",
        ),
    ],
)
def test_blocks_that_do_not_fit_are_refused(make: object, message: str) -> None:
    assert callable(make)
    with pytest.raises(InputError, match=message):
        make()


def test_a_report_is_frozen(report: Report) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.title = "other"  # pyright: ignore[reportAttributeAccessIssue]


def test_import_needs_neither_matplotlib_nor_torch() -> None:
    code = (
        "import sys, recurra.report, recurra.report.training, recurra.report.forecast, recurra.report.tokens\n"
        "heavy = {'torch', 'matplotlib', 'polars'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    output_of(code)


def test_half_blocks_that_have_no_neighbour_take_the_row() -> None:
    half, full = Table(title="", header=("a",), rows=(("b",),)), Text("a")
    assert [place for _, place in placed((half, full, half, half, half))] == ["alone", "full", "half", "half", "alone"]
    wide = Table(title="", header=("a" * 40, "b" * 40), rows=())
    assert [place for _, place in placed((half, wide))] == ["alone", "full"]


def test_folded_tables_and_pages_in_notebooks() -> None:
    folded = Table(title="", header=("option",), rows=(("x",),), folded="1 option at the default")
    report = Report(title="<a>", sections=(Section(title="s", blocks=(folded,)),))
    assert "<details><summary>1 option at the default</summary>" in render(report)
    frame = report._repr_html_()
    assert frame.startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')
    assert 'title="&lt;a&gt;"' in frame
