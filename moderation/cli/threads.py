"""`moderation threads`: saved pages -> threads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import terminal
from moderation.threads.page import read_page
from moderation.threads.thread_json import thread_to_dict


def threads(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Saved pages, as text or HTML.")],
) -> None:
    """Read saved pages: article, policy, quotations and the tree of comments.

    On a terminal it draws the tree; in a pipe it writes one JSON thread a line.

    Example: moderation threads seeds/documents/000_37cefdc699f39b4b.txt
    """
    found = [read_page(file) for file in files]
    if terminal.on_terminal():
        for thread in found:
            terminal.print_thread(thread)
    else:
        terminal.print_lines(json.dumps(thread_to_dict(thread), ensure_ascii=False) for thread in found)
