"""One fuzzed process: `python -m tests.fuzz.harness TARGET FILE_NOW [what libFuzzer understands, or a file to try again]`.

FILE_NOW is where the bytes at hand are put before they are read.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["moderation"], enable_loader_override=False):
    from tests.fuzz.targets import TARGETS, check_of

    CHECK = check_of(sys.argv[1], Path(sys.argv[2]))

TARGET = TARGETS[sys.argv[1]]


def mutated(data: bytes, size: int, seed: int) -> bytes:
    """Change the bytes as suits the format."""
    return TARGET.mutate(bytes(data), size, random.Random(seed), atheris.Mutate)[:size]


def main() -> None:
    """Fuzz until libFuzzer has had enough; a finding ends the process with another code than 0."""
    # libFuzzer reads everything behind the first two.
    atheris.Setup([sys.argv[0], *sys.argv[3:]], CHECK, custom_mutator=mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
