"""Comments on which two policies differ -> a file: JSON lines, CSV or Parquet. The file appears whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from moderation.labels import LABEL_NAMES
from moderation.replay.judging import Difference, Side
from moderation.scored import SCORE_DIGITS
from moderation.writers import Layout, writing

_TEXTS = (
    "id",
    "thread",
    "status",
    *(f"{side}_{what}" for side in "ab" for what in ("decision", "suggestion", "rules")),
)
COLUMNS = (*_TEXTS, *LABEL_NAMES, "text")
"""What the file says of a comment: `a_` is the first policy, `b_` the second; rules are their ids, set apart by `;`."""

Row = dict[str, str | float | None]


@contextmanager
def writing_differences(path: Path) -> Iterator[Callable[[Iterable[Difference]], None]]:
    """Give a function that writes differences to `path` in the format of its ending; on any failure an older file stays.

    Raises:
        UnknownNameError: the ending is no known format.
        InputError: the file cannot be written.
    """
    with writing(path, Layout(COLUMNS, lambda row: row, _schema)) as write_row:

        def write(differences: Iterable[Difference]) -> None:
            for one in differences:
                write_row(_row(one))

        yield write


def _row(one: Difference) -> Row:
    scores = {name: None if score is None else round(score, SCORE_DIGITS) for name, score in one.scores.items()}
    named = {"id": one.id, "thread": one.thread, "status": one.status}
    return {**named, **_said("a", one.first), **_said("b", one.second), **scores, "text": one.text}


def _said(name: str, side: Side) -> Row:
    said = {"decision": side.decision, "suggestion": side.suggestion, "rules": ";".join(side.rules)}
    return {f"{name}_{key}": value for key, value in said.items()}


def _schema() -> Any:
    import pyarrow as pa  # slow to import, and only this format needs it

    return pa.schema([(name, pa.float64() if name in LABEL_NAMES else pa.string()) for name in COLUMNS])
