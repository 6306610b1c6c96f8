"""Single keys from a terminal, each as soon as it is pressed."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
from collections.abc import Generator
from types import FrameType

import click

_SEQUENCE = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z~]|O[A-Z])")
_PATIENCE = 0.3
"""Seconds in which the rest of an escape sequence must come: a slow line cuts it in two."""
_END = "\x04"


def keys() -> Generator[str]:
    """Yield what is typed, one character at a time; arrows and other keys that send an escape sequence are passed over.

    The terminal is in its unbuffered mode from the first key to the end of the iterator, so that no key that is pressed
    between two questions is lost. It ends with the input (Ctrl-D, a closed connection), at Ctrl-C and when the process is
    asked to terminate; the terminal is then as it was.
    """
    try:
        import termios
        import tty
    except ImportError:  # no POSIX terminal: Windows
        while True:
            yield click.getchar()
    line = sys.stdin.fileno()
    before = termios.tcgetattr(line)
    asked = signal.signal(signal.SIGTERM, _terminate)
    tty.setcbreak(line, termios.TCSADRAIN)
    try:
        while typed := _read(line):
            text, end, _ = typed.partition(_END)
            yield from _SEQUENCE.sub("", text)
            if end:
                return
    except (KeyboardInterrupt, OSError):
        return
    finally:
        termios.tcsetattr(line, termios.TCSADRAIN, before)
        signal.signal(signal.SIGTERM, asked)


def _read(line: int) -> str:
    typed = os.read(line, 1024)
    while typed and not _whole(typed) and select.select([line], [], [], _PATIENCE)[0]:
        more = os.read(line, 1024)
        if not more:
            break
        typed += more
    return typed.decode("utf-8", "replace")


def _whole(typed: bytes) -> bool:
    """Whether no escape sequence and no character is cut off at the end."""
    try:
        text = typed.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.end < len(typed)
    return re.search(r"\x1b(?:\[[0-9;?]*|O)?$", text) is None


def _terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
