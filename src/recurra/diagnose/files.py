"""A diagnosis as files: the page, the numbers, the pictures."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from recurra.diagnose.diagnosis import Diagnosis
from recurra.diagnose.page import diagnosis_report
from recurra.errors import InputError
from recurra.report import Picture, Report, render
from recurra.report.picture import standalone_svg
from recurra.report.raster import rastered

__all__ = ["write_diagnosis"]


def write_diagnosis(diagnosis: Diagnosis, folder: Path, /) -> Path:
    """Write the files into a folder, which is made; see `Diagnosis.save`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)  # before anything is drawn
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as beside:
            new = Path(beside)
            for name, content in _files(diagnosis).items():
                (new / name).write_bytes(content)
            for path in sorted(new.iterdir()):  # only when all are written
                path.replace(folder / path.name)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror or error}") from error
    return folder


def _files(diagnosis: Diagnosis) -> dict[str, bytes]:
    with rastered() as pixels:
        report = diagnosis_report(diagnosis)
    texts = {"report.html": render(report), "diagnosis.json": diagnosis.to_json(), **_pictures(report)}
    files = {name: text.encode() for name, text in texts.items()}
    return {**files, **{f"{_file_name(title)}.png": content for title, content in pixels.items()}}


def _pictures(report: Report) -> dict[str, str]:
    blocks = [block for section in report.sections for block in section.blocks]
    return {f"{_file_name(block.title)}.svg": standalone_svg(block) for block in blocks if isinstance(block, Picture)}


def _file_name(title: str) -> str:
    return "-".join(re.findall(r"\w+", title.lower()))
