"""Single keys from a terminal, each as soon as it is pressed."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Generator

import click

_SEQUENCE = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z~]|O[A-Z])")


def keys() -> Generator[str]:
    """Yield what is typed, one character at a time; arrows and other keys that send an escape sequence are passed over.

    The terminal is in its unbuffered mode from the first key to the end of the iterator, so that no key that is pressed
    between two questions is lost. It ends with the input (Ctrl-D, a closed connection) and at Ctrl-C.
    """
    try:
        import termios
        import tty
    except ImportError:  # no POSIX terminal: Windows
        while True:
            yield click.getchar()
    line = sys.stdin.fileno()
    before = termios.tcgetattr(line)
    tty.setcbreak(line, termios.TCSADRAIN)
    try:
        while typed := os.read(line, 1024).decode("utf-8", "ignore"):
            if typed == "\x04":
                return
            yield from _SEQUENCE.sub("", typed)
    except (KeyboardInterrupt, OSError):
        return
    finally:
        termios.tcsetattr(line, termios.TCSADRAIN, before)
