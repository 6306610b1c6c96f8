"""Label files: what readers judged about rows whose text lies elsewhere.

A CSV file with the column `row`, a column a label (1, 0, or empty for not judged), and these columns where they are known:
`certainty` (3 plain, 2 a second reader might differ, 1 a coin could decide), `readings` (how many independent readings
stand behind the row) and `reason` (how a disagreement between readers was settled). It never has the text.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from moderation.errors import RecordError
from moderation.examples.duplicates import copies
from moderation.files import write_text
from moderation.labels import LABEL_NAMES, known_labels
from moderation.records import Example
from moderation.threads.tables import harmless, read_table_file, restored, table_text

CERTAINTIES = (1, 2, 3)
_EXTRA = ("certainty", "readings", "reason")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The labels of one row, by name; a label that is absent was not judged."""

    row: str
    labels: Mapping[str, int] = field(default_factory=dict)
    certainty: int | None = None
    readings: int | None = None
    reason: str = ""


def read_judgements(path: Path) -> dict[str, Judgement]:
    """Return the judgements of a label file, by row id.

    Raises:
        InputError: the file cannot be opened.
        RecordError: there is no column `row`, a row stands twice, or a value is not as expected.
        UnknownNameError: a column is no label.
    """
    judgements: dict[str, Judgement] = {}
    for where, cells in read_table_file(path, "row", "'row' and labels, each once"):
        row = restored(cells.pop("row"))
        if row in judgements:
            raise RecordError(f"{where}: row {row[:80]!r} occurs twice, expected each row once", "row")
        certainty, readings, reason = (cells.pop(name, "").strip() for name in _EXTRA)
        labels = known_labels({name: _cell(value, where) for name, value in cells.items()}, where)
        judgements[row] = Judgement(
            row,
            labels,
            _figure(certainty, "certainty", where, CERTAINTIES),
            _figure(readings, "readings", where, range(1, 100)),
            restored(reason),
        )
    return judgements


def read_labels(path: Path) -> dict[str, Mapping[str, int]]:
    """Return the labels of a label file, by row id; raises what `read_judgements` raises."""
    return {row: judgement.labels for row, judgement in read_judgements(path).items()}


def write_judgements(path: Path, judgements: Iterable[Judgement]) -> None:
    """Write a label file, whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    rows = []
    for one in judgements:
        labels = [one.labels.get(name, "") for name in LABEL_NAMES]
        rows.append([harmless(one.row), *labels, one.certainty or "", one.readings or "", harmless(one.reason)])
    write_text(path, table_text(["row", *LABEL_NAMES, *_EXTRA], rows))


def judge(examples: Iterable[Example], judgements: Mapping[str, Judgement]) -> list[Example]:
    """Return the examples with the labels judged for them, found by the row id of their corpus.

    A judgement takes the place of all labels that the row had: whoever judged it saw the whole row and left blank what
    cannot be told. Rows that nobody judged stay as they are.
    """
    rows = []
    for example in examples:
        one = judgements.get(example.provenance.row)
        if one is not None:
            provenance = dataclasses.replace(example.provenance, by_guide=True)
            example = dataclasses.replace(example, labels=one.labels, provenance=provenance)
        rows.append(example)
    return rows


def agreed(examples: Sequence[Example]) -> list[Example]:
    """Return the examples without contradictions between equal comments that the authors of a corpus judged.

    A copy of a comment that this project judged takes its labels. A label on which the authors contradict themselves is
    unknown for all copies.
    """
    changed: dict[str, Example] = {}
    for same in copies(examples):
        ours = next((row for row in same if row.provenance.by_guide), None)
        unclear = {name for name in LABEL_NAMES if {0, 1} <= {row.labels.get(name) for row in same}}
        for row in same:
            if ours is not None and not row.provenance.by_guide:
                provenance = dataclasses.replace(row.provenance, by_guide=True)
                changed[row.id] = dataclasses.replace(row, labels=ours.labels, provenance=provenance)
            elif ours is None and unclear:
                labels = {name: value for name, value in row.labels.items() if name not in unclear}
                changed[row.id] = dataclasses.replace(row, labels=labels)
    return [changed.get(row.id, row) for row in examples]


def _cell(value: str, where: str) -> int | None:
    cell = value.strip()
    if cell not in ("", "0", "1"):
        raise RecordError(f"{where}: label value {cell[:20]!r}, expected 1, 0 or nothing")
    return int(cell) if cell else None


def _figure(cell: str, name: str, where: str, expected: Iterable[int]) -> int | None:
    if not cell:
        return None
    for value in expected:
        if cell == str(value):
            return value
    known = ", ".join(map(str, CERTAINTIES)) if name == "certainty" else "a whole number from 1"
    raise RecordError(f"{where}: {name} is {cell[:20]!r}, expected {known} or nothing", name)
