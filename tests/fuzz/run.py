"""`make fuzz`: every target for its share of the time, two at once. Ends with 1 where there is a finding, and says its file.

Everything lies in `build/fuzz`: the corpus, which the next run goes on from, and the findings.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from tests.fuzz.seeds import ROOT
from tests.fuzz.targets import TARGETS

FOLDER = ROOT / "build" / "fuzz"
AT_ONCE = 2
MEMORY = Path("/dev/shm")
"""Where Linux has files in memory: readers put what they read in order in temporary files, thousands of times a minute."""
INPUT_SECONDS = 20
"""One file of at most 200 kB; the slowest take a tenth of a second."""
ROUND_SECONDS = 30
"""After this a new process goes on from the corpus: atheris itself keeps more and more of the comparisons it has
watched, some 70 kB a comment, where the same code without it keeps nothing."""
MAX_MB = 1_024
"""Of memory, for the whole process: what scoring an export may take."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz the targets named, or all, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=600, help="in all, two targets at once")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    if unknown := set(options.targets) - TARGETS.keys():
        parser.error(f"no target {', '.join(sorted(unknown))}, expected some of {', '.join(TARGETS)}")
    names = options.targets or list(TARGETS)
    seconds = max(options.seconds * min(AT_ONCE, len(names)) // len(names), 1)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        findings = [finding for finding in pool.map(lambda name: fuzz(name, seconds, options.folder), names) if finding]
    for finding in findings:
        say(finding)
    say(f"{len(names)} targets, {seconds} s each, {len(findings)} findings")
    return 1 if findings else 0


def fuzz(name: str, seconds: int, folder: Path) -> str:
    """Fuzz one target; return what was found and where the file is, nothing if nothing was."""
    corpus, found = folder / "corpus" / name, folder / "findings" / name
    for each in (corpus, found):
        each.mkdir(parents=True, exist_ok=True)
    seeds = folder / "seeds" / name
    write_files(seeds, TARGETS[name].seeds())
    words = folder / "words" / name
    words.parent.mkdir(exist_ok=True)
    words.write_text("".join(f'"{quoted(word)}"\n' for word in TARGETS[name].words), encoding="ascii")
    log, now = folder / f"{name}.log", found / "input"
    before = set(found.iterdir())
    limits = (f"-timeout={INPUT_SECONDS}", f"-rss_limit_mb={MAX_MB}", f"-max_len={TARGETS[name].largest}")
    runs = 0
    for begun in range(0, seconds, ROUND_SECONDS):
        with log.open("wb") as file:
            code = subprocess.run(
                [
                    *(sys.executable, "-m", "tests.fuzz.harness", name, str(now), *limits),
                    *(f"-max_total_time={min(ROUND_SECONDS, seconds - begun)}", "-len_control=0"),
                    *(f"-artifact_prefix={found}/", *([f"-dict={words}"] if TARGETS[name].words else [])),
                    *(str(corpus), str(seeds)),
                ],
                cwd=ROOT,
                env={**os.environ, **({"TMPDIR": str(MEMORY)} if MEMORY.is_dir() else {})},
                stdout=file,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
        if code:
            # libFuzzer keeps the file it was at, but not where the process was killed.
            kept = sorted(set(found.iterdir()) - before - {now}) or [now]
            return f"{name}: ended with {code}; the file is {kept[0]}, what was said is in {log}"
        runs += inputs_tried(log)
    now.unlink(missing_ok=True)
    say(f"{name}: {runs:,} inputs in {seconds} s")
    return ""


def write_files(folder: Path, contents: Sequence[bytes]) -> None:
    """Write files that are called what they contain."""
    folder.mkdir(parents=True, exist_ok=True)
    for raw in contents:
        (folder / sha256(raw).hexdigest()[:16]).write_bytes(raw)


def quoted(word: bytes) -> str:
    """A word as it stands in libFuzzer's dictionary."""
    return "".join(f"\\x{byte:02x}" for byte in word[:60])


def inputs_tried(log: Path) -> int:
    """How many inputs a run tried, as libFuzzer says in its last line."""
    found = re.findall(r"^Done (\d+) runs", log.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return int(found[-1]) if found else 0


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
