"""The published corpora lie beside the checkout, where there are any; the tests of each reader write tiny ones too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from moderation.corpora.registry import CORPORA
from moderation.records import Example
from tests.conftest import SHARED

CORPORA_FOLDER = SHARED / "corpora"

published = pytest.mark.skipif(
    not CORPORA_FOLDER.is_dir(), reason="needs the published corpora in ../shared/corpora, which are never committed"
)


def read(name: str, folder: Path, files: Mapping[str, str]) -> list[Example]:
    """Write the files of a tiny corpus in its authors' format, no row of it published, and read it."""
    for file, content in files.items():
        (folder / file).write_text(content, encoding="utf-8")
    return list(CORPORA[name].read(folder))


def said(rows: list[Example]) -> list[tuple[str, dict[str, int]]]:
    return [(row.situation.text, dict(row.labels)) for row in rows]
