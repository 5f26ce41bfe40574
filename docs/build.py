"""Build the documentation as a site in English and Chinese, which opens from a folder and asks nothing of the network.

Usage: python -m docs.build [--out site]

The pages are those of `docs`, with links that lead to the place of their target on the site; beside them stand a
reference of every public name, the drawing of each cell's step, and the lab. Zensical makes HTML of them, once for each
language, and ends the build where a link leads nowhere. A page that is not in Chinese stands there in English; of the
cells' pages what stands around the equations is in Chinese.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from docs.reference import packages, reference
from docs.words import in_chinese

from recurra import __version__
from recurra.cells import all_cells
from recurra.lab import lab_page

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
LANGUAGES = ("en", "zh")
FENCED = re.compile(r"(^```.*?^```$|`[^`\n]*`)", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<=\]\()([^)#\s]*)(#[^)\s]*)?(?=\))")
NOT_TRANSLATED = '!!! note ""\n    本页尚无中文译文，以下为英文。\n\n'
MATH = re.compile(r"^```math\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
STEP = re.compile(r"(?<=\n## One step\n\n)(.*?)(```text\n.*?\n```)", re.DOTALL)

Language = Literal["en", "zh"]


def main() -> None:
    """Build, and say how long that took."""
    options = argparse.ArgumentParser(prog="python -m docs.build", description="Build the documentation as a site.")
    options.add_argument("--out", type=Path, default=Path("site"), help="folder of the site, which is made anew")
    begun = time.monotonic()
    out = options.parse_args().out
    build(out)
    print(f"Wrote {out}: {sum(1 for _ in out.rglob('*.html'))} pages in {time.monotonic() - begun:.0f} s.")


def build(out: Path) -> None:
    """Build the site into a folder; what was there before is gone."""
    shutil.rmtree(out, ignore_errors=True)
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as folder:
            stage(Path(folder), language)
            command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr))
            shutil.copytree(Path(folder) / "site", out if language == "en" else out / language, dirs_exist_ok=True)
    (out / "lab.app.html").write_text(lab_page(), encoding="utf-8")


def stage(folder: Path, language: Language) -> None:
    """Write what Zensical reads: its configuration, the pages of a language, and what they show."""
    for place, text in pages(language).items():
        path = folder / "pages" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in all_cells:
        (folder / "pages" / "cells" / f"{name}.svg").write_text(all_cells[name].diagram(svg=True), encoding="utf-8")
    for picture in [*DOCS.glob("*.svg"), *(DOCS / "course" / "figures").glob("*.svg")]:
        target = folder / "pages" / picture.relative_to(DOCS)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(picture, target)
    katex, assets = ROOT / "src" / "recurra" / "lab" / "web" / "vendor" / "katex", folder / "pages" / "assets"
    shutil.copytree(DOCS / "assets", assets)
    for file in katex.iterdir():
        target = assets / "katex" / ("fonts" if file.suffix == ".woff2" else "") / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    shutil.copytree(DOCS / "overrides", folder / "overrides")
    (folder / "mkdocs.yml").write_text(json.dumps(configuration(language), ensure_ascii=False), encoding="utf-8")


def configuration(language: Language) -> dict[str, Any]:
    """Return the configuration of a language: JSON, which is YAML, too."""
    given = tomllib.loads((DOCS / "zensical.toml").read_text(encoding="utf-8"))
    project, titles = given["project"], given["titles"].get(language, {})
    last = project["nav"][-1]
    last[next(iter(last))] = [{"Public names": "api.md"}, *({name: f"api/{name}.md"} for name in packages())]

    def named(entry: dict[str, Any]) -> dict[str, Any]:
        ((title, where),) = entry.items()
        return {titles.get(title, title): [named(each) for each in where] if isinstance(where, list) else where}

    project["nav"] = [named(entry) for entry in project["nav"]]
    project["site_name"] += f" {__version__}"
    project["theme"]["language"] = language
    project["plugins"]["mkdocstrings"]["handlers"]["python"]["paths"] = [str(ROOT / "src")]
    project["plugins"] = [{name: options} for name, options in project["plugins"].items()]
    return project


@cache
def sources(language: Language) -> Mapping[str, Path]:
    """Return the file of each page that is written, by the page's place on the site."""
    other = {"en": "zh", "zh": "en"}[language]
    found = {}
    for path in sorted(DOCS.rglob("*.md")):
        place = path.relative_to(DOCS).as_posix()
        if place.startswith((f"course/{other}/", "zh/")) or place == "course/lab.md":
            continue
        found[re.sub(rf"^course/{language}/", "course/", place).replace("README", "index")] = path
    found |= {"changelog.md": ROOT / "CHANGELOG.md", "contributing.md": ROOT / "CONTRIBUTING.md"}
    if language == "zh":
        translated = DOCS / "zh"
        found |= {path.relative_to(translated).as_posix(): path for path in translated.rglob("*.md")}
    return found


@cache
def places(language: Language) -> Mapping[Path, str]:
    """Return the place on the site of each file that a page is made of."""
    return {path: place for place, path in sources(language).items()}


@cache
def pages(language: Language) -> Mapping[str, str]:
    """Return the text of each page by its place on the site."""
    texts = {}
    for place, path in sources(language).items():
        text = MATH.sub(r"$$\n\1\n$$", path.read_text(encoding="utf-8"))
        text = "".join(linked(text, path, place, language))
        if place.startswith("cells/") and place != "cells/index.md":
            text = with_drawing(text, place)
        if language == "zh" and place.startswith("cells/"):
            text = in_chinese(text, of="cells")
        elif language == "zh" and is_untranslated(path):
            text = NOT_TRANSLATED + text
        texts[place] = text
    texts["api.md"] = with_references(texts["api.md"])
    return texts | {f"api/{name}.md": text for name, text in reference().items()}


def is_untranslated(path: Path) -> bool:
    """Return whether a page is in English alone."""
    return not {"zh", "course"} & set(path.relative_to(ROOT).parts)


def linked(text: str, path: Path, place: str, language: Language) -> Iterator[str]:
    """Yield a page's text in pieces, in which links lead to the place of their target on the site."""
    for piece in FENCED.split(text):
        if FENCED.fullmatch(piece):
            yield piece
        else:
            yield LINK.sub(lambda found: target_of(found[1], found[2] or "", path, place, language), piece)


def target_of(link: str, anchor: str, path: Path, place: str, language: Language) -> str:
    """Return where a link of a page leads on the site; to the repository where its target is no page."""
    if not link or ":" in link:
        return link + anchor
    target = Path(os.path.normpath(path.parent / link))
    home = Path(place).parent

    def beside(to: str) -> str:
        return Path(os.path.relpath(to, home)).as_posix()

    if target == DOCS / "course" / "lab.md":
        return beside("lab.app.html" if language == "en" else "../lab.app.html") + f"?lang={language}{anchor}"
    is_english = language == "zh" and is_untranslated(path)
    for one in (language, *LANGUAGES):
        where = places(one).get(target)
        if where and one == language:
            return beside(where) + anchor
        if where and is_english:  # whose translation has headings of its own
            return beside(where)
        if where:
            return beside(f"zh/{where}" if one == "zh" else f"../{where}").removesuffix(".md") + ".html" + anchor
    if target.suffix == ".svg" and target.is_relative_to(DOCS):
        return beside(target.relative_to(DOCS).as_posix())
    return f"{repository()}/{'tree' if target.is_dir() else 'blob'}/main/{target.relative_to(ROOT).as_posix()}{anchor}"


@cache
def repository() -> str:
    """Return the address of the repository."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"]


def with_drawing(text: str, place: str) -> str:
    """Return the page of a cell with its step as a picture, and as text below that."""
    picture = f"![One step, as a picture]({Path(place).stem}.svg)"

    def drawn(found: re.Match[str]) -> str:
        inside = "".join(f"    {line}\n" for line in [*found[1].strip().splitlines(), "", *found[2].splitlines()])
        return f'{picture}\n\n??? note "The same as text"\n{inside}'

    return STEP.sub(drawn, text.replace("\n\n", "\n\n[All cells](index.md) · ", 1))


def with_references(text: str) -> str:
    """Return the list of public names, each with a link to its entry in the reference."""
    package = ""
    lines = []
    for line in text.splitlines():
        package = (re.findall(r"^## `(.+)`", line) or [package])[0]
        lines.append(re.sub(r"^\| `(\w+)([^`]*)`", rf"| [`\1\2`](api/{package}.md#{package}.\1)", line))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
