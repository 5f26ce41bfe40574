"""The site: its pages in both languages, its links, the reference; built and opened in a browser by a slow test."""

from __future__ import annotations

import os
import re
import threading
import tomllib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from browser import Browser, chromium
from docs.build import DOCS, FENCED, LANGUAGES, LINK, ROOT, build, configuration, pages, repository
from docs.generate import first_sentence
from docs.reference import packages, public, reference, without_example
from docs.words import chinese

from recurra.cells import all_cells

CODE = re.compile(r"^```(?!text)(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
TRANSLATED = sorted(path.relative_to(DOCS / "zh").as_posix() for path in (DOCS / "zh").rglob("*.md"))
IN_CHINESE = [
    *sorted((DOCS / "zh").rglob("*.md")), *sorted((DOCS / "course" / "zh").glob("*.md")), ROOT / "README.zh.md",
]  # fmt: skip
MEASURING = {"recurra.plan.calibrate", "recurra.plan.calibration_for"}
"""Without an example, which would run for ten seconds."""


def leaves(nav: list[Any]) -> Iterator[str]:
    for entry in nav:
        (where,) = entry.values()
        if isinstance(where, list):
            yield from leaves(where)
        else:
            yield where


def test_both_languages_have_the_same_pages_and_the_navigation_leads_to_all() -> None:
    english, chinese = pages("en"), pages("zh")
    assert set(english) == set(chinese)
    shown = list(leaves(configuration("en")["nav"]))
    assert shown == list(leaves(configuration("zh")["nav"]))
    assert sorted(shown) == sorted(place for place in english if not re.match("cells/(?!index)", place))


def test_every_title_is_in_chinese() -> None:
    given = tomllib.loads((DOCS / "zensical.toml").read_text(encoding="utf-8"))
    titles = set(re.findall(r'\{ "([^"]+)" = ', (DOCS / "zensical.toml").read_text(encoding="utf-8")))
    assert set(given["titles"]["zh"]) == titles | {"Public names"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_to_pages_of_the_site(language: Any) -> None:
    """Pages, pictures, the other language's pages, the lab, and the repository for all else."""
    known, other = pages(language), pages("zh" if language == "en" else "en")
    for place, text in known.items():
        for target, _ in LINK.findall(
            re.sub("^    .*$", "", FENCED.sub("", text), flags=re.M)
        ):  # what is indented is text
            if not target or ":" in target:
                path = target.removeprefix(f"{repository()}/blob/main/").removeprefix(f"{repository()}/tree/main/")
                assert path == target or (ROOT / path).exists(), f"{place}: {target}"
                continue
            to = os.path.normpath(Path(place).parent / target.partition("?")[0])
            there = re.sub(r"^(zh|\.\.)/", "", to).replace(".html", ".md")
            is_picture = to.endswith(".svg") and ((DOCS / to).exists() or to.startswith("cells/"))
            assert to in known or is_picture or there in other or there == "lab.app.md", f"{place}: {target}"


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_translation_has_the_code_of_its_page(name: str) -> None:
    english, chinese = ((DOCS / folder / name).read_text(encoding="utf-8") for folder in ("", "zh"))
    code = [CODE.findall(re.sub(r"\\text\{[^}]*\}", "", page)) for page in (english, chinese)]
    assert code[0] == code[1]
    if name != "glossary.md":
        headings = [re.findall("^#+", FENCED.sub("", each), re.M) for each in (english, chinese)]
        assert headings[0] == headings[1]


@pytest.mark.parametrize("name", [name for name in TRANSLATED if name not in ("glossary.md", "index.md")])
def test_a_translation_names_what_its_page_names(name: str) -> None:
    """So a name that has changed or come is not left out; names of other things in Chinese are no code."""
    texts = [BLOCK.sub("", (DOCS / folder / name).read_text(encoding="utf-8")) for folder in ("", "zh")]
    code = [{" ".join(each.split()) for each in re.findall("`([^`]+)`", page)} for page in texts]
    assert not [each for each in code[0] ^ code[1] if re.search("[A-Za-z]", each)]
    other = re.compile(r"^(\.\./)+|/(en|zh)(?=/)|\.zh(?=\.)")
    targets = [{other.sub("", target) for target, _ in LINK.findall(page)} for page in texts]
    assert targets[0] == targets[1]


@pytest.mark.parametrize("page", IN_CHINESE, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_in_chinese_leads_to_pages_in_chinese(page: Path) -> None:
    links = LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8")))
    targets = {Path(os.path.normpath(page.parent / target)) for target, _ in links if target and ":" not in target}
    english = targets & {DOCS / name for name in TRANSLATED}
    # the English page says more
    assert english <= ({DOCS / "glossary.md"} if page.name == "glossary.md" else set())


def test_one_word_for_one_thing_in_chinese() -> None:
    """What the glossary has as another book's word is used nowhere else."""
    words = set(re.findall(r"又作(\w+)", (DOCS / "zh" / "glossary.md").read_text(encoding="utf-8")))
    assert len(words) > 3
    messages = [
        ROOT / "src" / "recurra" / path
        for path in ("locale/zh.po", "testing/exercise_list.py", "lab/web/messages.json")
    ]
    for path in [*IN_CHINESE, *messages]:
        if path.name != "glossary.md":
            text = path.read_text(encoding="utf-8")
            assert not {word for word in words if word in text}, path


def test_pages_of_cells_are_in_chinese_but_for_what_their_docstrings_go_on_to_say() -> None:
    """If a cell is missing: `docs/words.zh.toml` has the first sentence of each."""
    assert not [cell.name for cell in all_cells.values() if chinese(first_sentence(cell), "cells").isascii()]
    page = pages("zh")["cells/GRU.md"]
    assert "[所有单元](index.md) · 门控循环单元" in page
    assert re.findall("^#+ .*[A-Za-z]", page, re.M) == ["# GRU"]
    assert "从左到右" in page


def test_the_start_is_in_both_languages() -> None:
    assert set(TRANSLATED) >= {"index.md", "start.md", "glossary.md", "faq.md"}


def test_every_public_name_has_an_entry_and_an_example_that_runs() -> None:
    texts = reference()
    for package in packages():
        assert re.findall(r"^::: (.+)$", texts[package], re.M) == [f"{package}.{name}" for name in public(package)]
    assert set(without_example()) == MEASURING


def test_links_of_the_readme_are_absolute_on_a_package_index() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    for rule in project["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]["substitutions"]:
        shown = re.sub(rule["pattern"], rule["replacement"], shown)
    targets = [target for target, _ in LINK.findall(FENCED.sub("", shown)) if target]
    assert f"{repository()}/blob/main/docs/results.md" in targets
    assert all(target.startswith("https://") for target in targets)


# in a browser -------------------------------------------------------------------------------------------------------

OPENED = [
    "index.html", "start.html", "cells/GRU.html", "cells/index.html", "course/08-vanishing-exploding.html",
    "api/recurra.nn.html", "faq.html", "layers.html",
]  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("zensical")
    out = tmp_path_factory.mktemp("site") / "site"
    build(out)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(out))) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.slow
@pytest.mark.skipif(chromium() is None, reason="no chromium")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_site_in_a_browser(address: str, tmp_path: Path, width: int, scheme: str) -> None:
    """Equations are typeset, nothing leaves the machine, the console is empty, axe finds nothing serious."""
    axe = os.environ.get("RECURRA_AXE")
    with Browser(tmp_path) as browser:
        browser.resize(width, 900, phone=width < 500)
        browser.prefer(scheme)
        for page in (f"{language}{page}" for language in ("", "zh/") for page in OPENED):
            browser.open(address + page)
            if "course" in page or "GRU" in page:
                browser.wait("document.querySelectorAll('.arithmatex .katex').length > 1")
            assert browser.run("document.querySelectorAll('.katex-error').length") == 0
            assert browser.run("document.documentElement.scrollWidth <= innerWidth"), page
            if axe:
                browser.run(Path(axe).read_text(encoding="utf-8"))
                found = browser.run(
                    "axe.run().then((r) => r.violations.map((v) => [v.id, v.impact, v.nodes.map((n) => n.html)]))"
                )
                assert [each for each in found if each[1] in ("serious", "critical")] == [], page
        assert not browser.errors
        assert all(each.startswith((address, "data:", "blob:")) for each in browser.requests)


@pytest.mark.slow
@pytest.mark.parametrize(("index", "word"), [("search.json", "peephole"), ("zh/search.json", "遗忘门")])
def test_the_search_knows_the_words_of_its_language(address: str, index: str, word: str) -> None:
    with urlopen(address + index) as answer:
        assert word in answer.read().decode("utf-8")


@pytest.mark.slow
@pytest.mark.skipif(chromium() is None, reason="no chromium")
def test_a_language_leads_to_the_same_page(address: str, tmp_path: Path) -> None:
    with Browser(tmp_path) as browser:
        browser.open(f"{address}cells/GRU.html")
        browser.run("document.querySelector('.md-select__link[hreflang=zh]').click()")
        browser.wait(_is_at("/zh/cells/GRU.html", "zh"))
        browser.run("document.querySelector('.md-select__link[hreflang=en]').click()")
        browser.wait(_is_at("/cells/GRU.html", "en"))


def _is_at(path: str, language: str) -> str:
    whole = "document.readyState === 'complete'"
    return f"location.pathname === '{path}' && document.documentElement?.lang === '{language}' && {whole}"
