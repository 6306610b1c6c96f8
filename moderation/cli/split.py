"""`moderation split`: threads and exports + labels -> examples."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import exports
from moderation.errors import ExportError, InputError, UnknownNameError
from moderation.examples import ExampleFile, example_to_dict, labels_of_status, read_labels, with_labels
from moderation.files import replacing
from moderation.records import Example
from moderation.threads.exports.comment_rows import STATUSES

_STATUS = "status"
_TAUGHT = ("approved", "spam")

Labels = Mapping[str, Mapping[str, int]]


def split(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Saved pages, exports (WordPress, Blogger, Disqus, Isso, Remark42), or JSONL/CSV/Parquet of records.",
        ),
    ],
    labels: Annotated[
        Path | None, typer.Option(help="Label file, as `moderation label` writes it: a column `row`, a column a label.")
    ] = None,
    labels_from: Annotated[
        str | None,
        typer.Option(
            metavar=_STATUS, help="Take the labels from what you did with each comment, as an export states it."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; standard output without.")
    ] = None,
    recover: Annotated[
        bool, typer.Option("--recover", help="Pass over what is broken in an export, and list it.")
    ] = False,
) -> None:
    """Write one example a comment and line: text, context, provenance and labels; a label not judged is null.

    With --labels-from status, spam is spam, and what was approved has none of the labels that break rules. What is held,
    in the trash or deleted tells nothing about its labels and is left out. WordPress leaves spam out of its own export, so
    that one seldom teaches what spam is.

    Example: moderation split seeds/documents/000_37cefdc699f39b4b.txt --labels seeds/labels/documents.csv
    """
    if labels_from not in (None, _STATUS):
        raise UnknownNameError("source of labels", labels_from, [_STATUS])
    if labels is not None and labels_from is not None:
        raise InputError("--labels and --labels-from exclude each other, expected one of them")
    if len({file.name for file in files}) != len(files):
        raise InputError(
            "two of the files have the same name, expected different ones: rows are named after their file"
        )
    judged = {} if labels is None else read_labels(labels)
    fault = None
    with _into(output) as out:
        try:
            if labels_from is not None:
                _learn(files, recover, out)
            else:
                _label(files, recover, judged, labels, out)
        except ExportError as broken:
            if not out.written:
                raise
            fault = broken
    if fault is not None:
        raise fault


class _Out:
    """Where examples are written to, and how many were."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self.written = 0

    def add(self, example: Example, labels: Mapping[str, int]) -> None:
        self._write(json.dumps(example_to_dict(with_labels(example, labels)), ensure_ascii=False) + "\n")
        self.written += 1


@contextmanager
def _into(output: Path | None) -> Iterator[_Out]:
    """Standard output, or a file that appears whole or not at all."""
    if output is None:
        yield _Out(sys.stdout.write)
        return
    with replacing(output) as raw:
        # Lone surrogates stand for a file name that is no UTF-8; escaped, they are still valid JSON.
        yield _Out(lambda line: raw.write(line.encode("utf-8", "backslashreplace")))


def _label(files: Sequence[Path], recover: bool, judged: Labels, source: Path | None, out: _Out) -> None:
    """Write all comments with the labels that were judged.

    Raises:
        InputError: there are labels of other comments.
    """
    unused = set(judged)
    for file in files:
        found = ExampleFile(file, recover)
        try:
            for example, _ in found:
                out.add(example, judged.get(example.id, {}))
                unused.discard(example.id)
        finally:
            exports.say_skipped(found.export, "written", exports.FEW)
    if unused:
        raise InputError(f"{source}: row {min(unused)!r} is no comment of the files given ({len(unused)} such rows)")


def _learn(files: Sequence[Path], recover: bool, out: _Out) -> None:
    """Write the comments of which the status says something, and say what there was.

    Raises:
        InputError: there is none.
    """
    spam, warnings = 0, []
    for file in files:
        found = _decided(file, recover, out)
        spam += found["spam"]
        if found and not any(found[status] for status in STATUSES):
            warnings.append(
                f"{file}: does not state what became of its comments, as saved pages and Blogger's old exports do not, "
                "so that nothing can be learned from it"
            )
    if not out.written:
        none = f"{files[0]}: has no comment that is approved or spam, expected past decisions to learn from"
        raise InputError(warnings[0] if warnings else none)
    if not spam:
        warnings.append("no comment is marked as spam, as in WordPress's own export: these examples do not teach it")
    sys.stderr.writelines(f"{line}\n" for line in warnings)


def _decided(file: Path, recover: bool, out: _Out) -> Counter[str]:
    """Write what the comments of a file teach, and return how many of each status there are; "" stands for none."""
    source, found = ExampleFile(file, recover), Counter[str]()
    written = out.written
    try:
        for example, status in source:
            found[status or ""] += 1
            known = labels_of_status(status)
            if known is not None:
                out.add(example, known)
    finally:
        exports.say_skipped(source.export, "usable", exports.FEW)
        if any(found[status] for status in STATUSES):
            left = [(status or "no status", count) for status, count in sorted(found.items()) if status not in _TAUGHT]
            parts = ", ".join(f"{status} {count:,}" for status, count in left)
            taught = ", ".join(f"{status} {found[status]:,}" for status in _TAUGHT)
            behind = f", left out {sum(count for _, count in left):,} ({parts})" if left else ""
            sys.stderr.write(f"{file}: examples {out.written - written:,} ({taught}){behind}\n")
    return found
