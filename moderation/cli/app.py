"""The `moderation` command: composes the rooms, prints, maps errors to exit codes.

Exit codes: 0 done; 1 `examples check` found faults; 2 something the user can mend (one line on standard error); 3 an
export is broken from some byte on, and what stands before it was done; 130 interrupted.
"""

from __future__ import annotations

import os
import sys

import typer

from moderation.cli import terminal
from moderation.cli.corpora import app as corpora
from moderation.cli.evaluate import evaluate
from moderation.cli.examples import app as examples
from moderation.cli.label import label
from moderation.cli.models import app as models
from moderation.cli.policy import app as policy
from moderation.cli.score import score
from moderation.cli.serve import serve
from moderation.cli.split import split
from moderation.cli.threads import threads
from moderation.cli.train import train
from moderation.errors import ExportError, ModerationError

app = typer.Typer(
    name="moderation",
    help="Comment moderation that quotes the blog's own rules.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (threads, label, split, train, evaluate, score, serve):
    app.command()(command)
for group in (corpora, examples, models, policy):
    app.add_typer(group)


def main() -> None:
    """Run the command; a user's mistake ends in one line and exit code 2, never in a stack trace."""
    terminal.prepare_output()
    try:
        app()
    except ModerationError as error:
        sys.stderr.write(f"moderation: {error}\n")
        sys.exit(3 if isinstance(error, ExportError) else 2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our pipe has left; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
