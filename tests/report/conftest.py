"""The large report, drawn once for all tests of the folder."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from page_reading import Page, read
from report_cases import every_block, every_picture

from recurra.report import Picture, Report, render


@pytest.fixture(scope="session")
def report() -> Report:
    return every_block()


@pytest.fixture(scope="session")
def html(report: Report) -> str:
    return render(report)


@pytest.fixture
def page(html: str) -> Page:
    return read(html)


@pytest.fixture(scope="session")
def pictures() -> Mapping[str, Picture]:
    return every_picture()
