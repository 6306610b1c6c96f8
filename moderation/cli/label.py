"""`moderation label`: an owner labels an export in the terminal, one comment at a time."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import exports, terminal
from moderation.cli.keys import keys
from moderation.errors import InputError
from moderation.examples import ExampleFile, read_judgements, write_judgements
from moderation.labelling import KEYS, Session

_CERTAINTY = {"1": 1, "2": 2, "3": 3, "\r": 3, "\n": 3, " ": 3}
_BACK = ("u", "\x7f", "\x08")
_END = "q"
_SAVING = (*_CERTAINTY, *_BACK)


def label(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A saved page, an export (WordPress, Blogger, Disqus, Isso, Remark42), or JSONL/CSV/Parquet of records.",
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="LABELS", help="Label file; one that exists is gone on with.")
    ],
    recover: Annotated[
        bool, typer.Option("--recover", help="Pass over what is broken in the export, and list it.")
    ] = False,
) -> None:
    """Label comments in the terminal, one at a time with its article and parent; every answer is saved at once.

    The label file goes with the export into `moderation split FILE --labels LABELS`, which makes training examples.

    Example: moderation label comments.jsonl -o labels.csv
    """
    source = ExampleFile(file, recover)
    examples = [example for example, _ in source]
    exports.say_skipped(source.export, "to label", exports.FEW)
    if not examples:
        raise InputError(f"{file}: has no comments to label")
    done = read_judgements(output) if output.exists() else {}
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("label reads single keys, expected a terminal on standard input and output")
    session = Session(examples, done)
    typed = keys()
    help_shown, note, left = False, "", session.current is None
    while not left:
        if session.current is not None:
            terminal.print_labelling(session.current, session.draft, session.counted, KEYS, help_shown, note)
            key = next(typed, _END)
            left = key == _END
        else:
            terminal.print_labelled(session.counted)
            key = next(typed, _END)
            left = key not in _BACK
        if not left:
            help_shown, note = key == "?", _answer(session, key)
            if key in _SAVING:
                write_judgements(output, session.judged.values())
    typed.close()
    judged, total = session.counted
    terminal.print_lines([f"{judged:,} of {total:,} comments labelled, in {output}"])


def _answer(session: Session, key: str) -> str:
    """Do what a key asks for and return what to say about it."""
    if key.lower() in KEYS:
        session.toggle(KEYS[key.lower()])
    elif key in _CERTAINTY:
        clash = session.conflict()
        if clash is not None:
            return f"{clash[0]} and {clash[1]} exclude each other, expected one of them"
        session.accept(_CERTAINTY[key])
    elif key in _BACK:
        if not session.undo():
            return "nothing to undo in this sitting"
    elif key == "k":
        session.skip()
    elif key != "?":
        return f"{key!r} is no key here, ? shows the questions"
    return ""
