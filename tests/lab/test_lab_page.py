"""The page in a browser: every control, both languages, offline, no error on its console, nothing that axe finds."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import torch
from browser import Browser, chromium

from recurra.diagnose import Examined, diagnose
from recurra.lab import LabServer, lab_page
from recurra.lab.page import offered_cells
from recurra.nn import GRU

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium() is None, reason="no chromium")]

READY = "document.documentElement.dataset.ready === 'yes'"
CHANGE_ALL = """
(async () => {
  const changed = [];
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  for (const field of document.querySelectorAll(".controls input, .controls select, #watched, #cell")) {
    if (field.disabled) continue;
    const before = field.type === "checkbox" ? field.checked : field.value;
    if (field.type === "checkbox") field.click();
    else if (field.tagName === "SELECT") field.selectedIndex = (field.selectedIndex + 1) % field.options.length;
    else field.value = before === field.max ? field.min : Number(before) + 2 * Number(field.step);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    await frame();
    await frame();
    if ((field.type === "checkbox" ? field.checked : field.value) === before) throw new Error(field.id);
    changed.push(field.id);
  }
  return changed;
})()
"""
TEXT = """@cell(init={"b_f": 2.0})
def Mine(p, x, h):
    f = sigmoid(x @ p.W_f + p.b_f)
    return f * h + (1 - f) * tanh(x @ p.W + h @ p.U)
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lab") / "lab.html"
    path.write_text(lab_page(), encoding="utf-8")
    return path


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with Browser(tmp_path, offline=True) as browser:
        yield browser
        assert not browser.errors
        assert all(each.startswith(("file:", "data:", "blob:")) for each in browser.requests)


def test_the_file_is_small_and_has_many_cells(file: Path) -> None:
    assert file.stat().st_size < 1_500_000
    assert len(offered_cells()) >= 70


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_control(file: Path, browser: Browser, language: str) -> None:
    browser.open(f"{file.as_uri()}?lang={language}")
    browser.wait(READY)
    assert browser.run("document.querySelectorAll('#equations .katex, #backward .katex').length") >= 2
    assert browser.run("document.querySelectorAll('.katex-error').length") == 0
    assert len(browser.run(CHANGE_ALL)) >= 24
    assert not browser.run(r"/undefined|\bNaN\b/.test(document.body.innerText)")
    assert ("训练" if language == "zh" else "Train") in browser.run("document.getElementById('run').textContent")
    browser.run("document.getElementById('again').click()")
    browser.run("document.getElementById('run').click()")
    browser.wait("Number(document.getElementById('progress').textContent.match(/\\d+/)[0]) > 5")
    browser.run("document.getElementById('run').click()")
    before = browser.run("document.getElementById('progress').textContent")
    browser.run("document.getElementById('step').click()")
    assert browser.run("document.getElementById('progress').textContent") != before
    browser.run("document.getElementById('restart').click()")
    other = "zh" if language == "en" else "en"
    browser.run(
        f"(f => (f.value = '{other}', f.dispatchEvent(new Event('change'))))(document.getElementById('language'))"
    )
    assert browser.run("document.documentElement.lang")[:2] == other
    browser.run("document.getElementById('theme').click()")
    address = browser.run("location.href")
    assert "steps=" in address
    browser.run("document.getElementById('share').click()")
    fields = "[...document.querySelectorAll('.controls input, .controls select')]"
    values = f"JSON.stringify({fields}.map((f) => [f.id, f.value, f.checked]))"
    before = browser.run(values)
    browser.open("about:blank")
    browser.open(address)
    browser.wait(READY)
    assert browser.run(values) == before


def test_sliders_and_the_keyboard(file: Path, browser: Browser) -> None:
    browser.open(f"{file.as_uri()}?lang=en#task=text")
    browser.wait(READY)
    browser.run("document.getElementById('set-radius').focus()")
    before = browser.run("document.getElementById('verdict').textContent")
    for _ in range(4):
        browser.press("ArrowRight")
    browser.wait(f"document.getElementById('verdict').textContent !== {json.dumps(before)}")
    browser.run("document.querySelector('#reach-a [tabindex=\"0\"]').focus()")
    browser.press("ArrowLeft")
    assert "step 59" in browser.run("document.activeElement.getAttribute('aria-label')")
    assert "{" not in browser.run("document.getElementById('reach-said').textContent")


def test_a_phone_needs_no_sideways_scrolling(file: Path, browser: Browser) -> None:
    browser.resize(390, 800, phone=True)
    browser.open(file.as_uri())
    browser.wait(READY)
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(file: Path, browser: Browser, scheme: str) -> None:
    """axe-core is npm's: its file is named by RECURRA_AXE."""
    axe = os.environ.get("RECURRA_AXE")
    if not axe:
        pytest.skip("RECURRA_AXE names no axe.min.js")
    browser.prefer(scheme)
    browser.open(f"{file.as_uri()}#task=text")
    browser.wait(READY)
    browser.run(Path(axe).read_text(encoding="utf-8"))
    found = browser.run(
        "axe.run().then(({violations}) => violations.map((v) => [v.id, v.impact, v.nodes.map((n) => n.html)]))"
    )
    assert [each for each in found if each[1] in ("serious", "critical")] == []


def test_a_trained_model_is_shown(tmp_path: Path) -> None:
    torch.manual_seed(0)
    layer, x = GRU(2, 5), torch.randn(9, 2, 2)
    found = diagnose(
        layer, [x], loss=lambda batch: layer(batch)[0].square().mean(),
        examined=lambda batch: Examined(layer(batch)[0][:, 0, 0], tuple("abcdefghi"), tuple("the mouse")),
    )  # fmt: skip
    file = tmp_path / "lab.html"
    file.write_text(lab_page(model=found), encoding="utf-8")
    with Browser(tmp_path, offline=True) as browser:
        for language in ("en", "zh"):
            browser.open("about:blank")
            browser.open(f"{file.as_uri()}?lang={language}#view=model")
            browser.wait(READY)
            assert browser.run("document.activeElement.id") == "model-heading"
            assert browser.run("document.getElementById('cell').value") == "GRU"
            browser.run("document.querySelector('#model-outputs [tabindex=\"0\"]').focus()")
            browser.press("Home")
            assert "a" in browser.run("document.activeElement.textContent")
            said = browser.run("document.getElementById('model-said').textContent")
            assert "t (1: 100 %)" in said  # the first output has read the first step alone
        browser.run("document.getElementById('model-value').selectedIndex = 2")
        assert not browser.errors


AWKWARD = {
    "def A(p, x, h:\n    return h": "never closed",
    "": "there is no function",
    "def A(p, x, h):\n    while True: pass": "a cell has assignments",
    "def A(p, x, h):\n    return fetch(h)": "fetch is unknown",
    "def A(p, x, constructor):\n    valueOf = tanh(x @ p.W + constructor @ p.toString)\n    return valueOf": "",
    "def A(p, x, h):\n    '''</script><img src=x onerror=alert(1)>'''\n    return flatten(split(x @ p.W + h, 7))": "",
    "@cell(sizes={'W': ('input_size', 65536), 'V': (65536, 65536)})\ndef A(p, x, h):\n"
    "    return tanh(x @ p.W @ p.V @ p.Z + h @ p.U)": "",
}
"""Text -> what the error says, if it is one."""


def test_awkward_texts_leave_the_page_at_work(tmp_path: Path) -> None:
    with LabServer() as server, Browser(tmp_path) as browser:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser.open(f"{server.address}?lang=en")
        browser.wait(READY)
        for text, said in AWKWARD.items():
            browser.run(f"({WRITE})({json.dumps(text)})")
            browser.wait(f"document.getElementById('error').textContent.includes({json.dumps(said)})")
            if not said:
                browser.wait("document.getElementById('name-a').textContent === 'A *'")
            browser.run("document.getElementById('step').click()")
        for place in ("verdict", "stopped"):
            browser.wait(f"document.getElementById('{place}').textContent.includes('no room')")
        link = urlencode({"text": "def A(p, x, h): return h; alert(1)\nalert(2)", "steps": "1e9", "a": "b"})
        browser.open("about:blank")
        browser.open(f"{server.address}#{link}")
        browser.wait(READY)
        assert "expected one function" in browser.run("document.getElementById('error').textContent")
        assert "a=b" in browser.run("document.getElementById('shared').textContent")
        edit(browser)
        server.shutdown()
        assert not browser.errors


def test_equations_are_edited_with_the_server(tmp_path: Path) -> None:
    with LabServer() as server, Browser(tmp_path) as browser:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        browser.open(f"{server.address}?lang=en")
        browser.wait(READY)
        edit(browser)
        server.shutdown()
        thread.join()
        assert not browser.errors
        assert all(each.startswith((server.address, "data:", "blob:")) for each in browser.requests)


def test_equations_are_edited_in_a_file_with_pyodide(tmp_path: Path) -> None:
    """The npm package pyodide, unpacked, is named by RECURRA_PYODIDE."""
    package = os.environ.get("RECURRA_PYODIDE")
    if not package:
        pytest.skip("RECURRA_PYODIDE names no folder")
    file = tmp_path / "lab.html"
    file.write_text(lab_page(pyodide=package), encoding="utf-8")
    assert file.stat().st_size < 16_000_000
    with Browser(tmp_path, offline=True) as browser:
        browser.open(f"{file.as_uri()}?lang=en")
        browser.wait(READY)
        browser.wait("document.getElementById('engine').textContent.includes('inside this page')", 120)
        edit(browser)
        assert not browser.errors


WRITE = """
(text) => Object.assign(document.getElementById("text"), { value: text }).dispatchEvent(new Event("input"))
"""


def edit(browser: Browser) -> None:
    """Write a cell, a mistake in it, and mend it."""
    wrong = TEXT.replace("h @ p.U", "h @ p.W")
    browser.run(f"({WRITE})({json.dumps(TEXT)})")
    browser.wait("document.getElementById('name-a').textContent.startsWith('Mine')")
    for _ in range(3):
        browser.run(f"({WRITE})({json.dumps(TEXT)})")
        browser.wait("/^\\d+ ms$/.test(document.getElementById('derived').textContent)")
    browser.run(f"({WRITE})({json.dumps(wrong)})")
    browser.wait("document.getElementById('error').textContent.includes('the sizes do not fit')")
    assert "h @ p.W" in browser.run("document.querySelector('#colours .wrong').textContent")
    browser.run(f"({WRITE})({json.dumps(TEXT)})")
    browser.wait("document.getElementById('error').textContent === ''")
