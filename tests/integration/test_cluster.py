"""A real Dask cluster on this machine: a scheduler and two workers, each a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from moderation.batch import CHUNK
from tests.conftest import ROOT
from tests.integration.conftest import COMMAND
from tests.integration.serving import environment

pytestmark = pytest.mark.integration

COUNT = 48 * CHUNK
"""Comments enough for both workers to be busy when something happens in the middle."""
LONG = 600
"""Seconds until something that does not happen counts as stuck; nothing waits that long when all is well."""


@contextmanager
def process(log: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended after the block, whatever it does."""
    with (
        log.open("wb") as said,
        subprocess.Popen(command, env=environment(OMP_NUM_THREADS="1"), stdout=said, stderr=said) as running,
    ):
        try:
            yield running
        finally:
            running.kill()


def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.01)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class LocalCluster:
    """A scheduler with as many workers as are added. Workers are not watched over: what is killed stays away."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack, self._folder = stack, folder
        self.address = f"tcp://127.0.0.1:{free_port()}"
        port = self.address.rpartition(":")[2]
        options = ("--host", "127.0.0.1", "--port", port, "--no-dashboard")
        self.scheduler = self._start("scheduler", "Scheduler at:", *options)
        self.workers: list[subprocess.Popen[bytes]] = []

    def add_worker(self) -> None:
        options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(self._folder))
        self.workers.append(self._start("worker", "Registered to:", self.address, *options))

    def _start(self, kind: str, ready: str, *options: str) -> subprocess.Popen[bytes]:
        log = self._folder / f"{len(list(self._folder.iterdir()))}.log"
        command = (sys.executable, "-m", f"distributed.cli.dask_{kind}", *options)
        started = self._stack.enter_context(process(log, *command))
        until(lambda: ready in log.read_text(encoding="utf-8"))
        return started


@pytest.fixture
def cluster(tmp_path_factory) -> Iterator[LocalCluster]:
    """One without workers, for this test alone."""
    with ExitStack() as stack:
        yield LocalCluster(stack, tmp_path_factory.mktemp("cluster"))


@pytest.fixture
def two_workers(cluster) -> LocalCluster:
    """One that something will happen to."""
    for _ in range(2):
        cluster.add_worker()
    return cluster


@pytest.fixture(scope="module")
def quiet_cluster(tmp_path_factory) -> Iterator[LocalCluster]:
    """One of two workers that nothing happens to."""
    with ExitStack() as stack:
        found = LocalCluster(stack, tmp_path_factory.mktemp("cluster"))
        for _ in range(2):
            found.add_worker()
        yield found


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> list[Path]:
    """An archive in three shards: threads go on from one to the next."""
    folder = tmp_path_factory.mktemp("archive")
    texts = [json.loads(line)["text"] for line in (ROOT / "seeds" / "examples.jsonl").read_text("utf-8").splitlines()]
    files = [folder / f"{number}.jsonl" for number in range(3)]
    for number, file in enumerate(files):
        with file.open("w", encoding="utf-8") as lines:
            for place in range(number * COUNT // 3, (number + 1) * COUNT // 3):
                record = {
                    "id": str(place),
                    "text": f"{texts[place % len(texts)]} ({place})",
                    "thread_id": f"t{place % 40}",
                }
                if place >= 40:
                    record["parent"] = str(place - 40)
                lines.write(json.dumps(record) + "\n")
    return files


@pytest.fixture(scope="module")
def expected(archive) -> bytes:
    """What one worker makes of it."""
    out = archive[0].with_name("expected.jsonl")
    done = score(archive, out, "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().count(b"\n") == COUNT
    return out.read_bytes()


def command(files: list[Path], out: Path, *options: str) -> list[str]:
    return [*COMMAND, "score", *map(str, files), "-o", str(out), "--no-spans", *options]


def score(files: list[Path], out: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(files, out, *options),
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONG,
    )


@contextmanager
def scoring(files: list[Path], out: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A run that has scored something and is not done."""
    given = command(files, out, *options)
    with subprocess.Popen(
        given,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that run in the background of a shell have Ctrl-C ignored, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as running:
        try:
            until(lambda: done_of(out) > 0 or running.poll() is not None)
            yield running
        finally:
            running.kill()


def done_of(out: Path) -> int:
    """How many comments of an unfinished output count; 0 where there is no such output."""
    try:
        return int(json.loads(out.with_name(f".{out.name}.state").read_text(encoding="utf-8"))["rows"])
    except FileNotFoundError:
        return 0


def last_line(error: str) -> str:
    assert "Traceback" not in error
    return error.splitlines()[-1]


def test_a_cluster_gives_the_same_bytes_as_one_worker(quiet_cluster, archive, expected, tmp_path):
    out = tmp_path / "out.jsonl"
    done = score(archive, out, "--cluster", quiet_cluster.address)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, f"read {COUNT:,} = scored {COUNT:,} + skipped 0")
    assert out.read_bytes() == expected


def test_a_worker_that_is_killed_in_the_middle_costs_no_row(two_workers, archive, expected, tmp_path):
    out = tmp_path / "out.jsonl"
    with scoring(archive, out, "--cluster", two_workers.address) as running:
        # Stopped first: it has chunks that nobody else will score, so that the run cannot come to its end before.
        lost = two_workers.workers[0]
        lost.send_signal(signal.SIGSTOP)
        assert 0 < done_of(out) < COUNT
        lost.kill()
        lost.wait(LONG)
        assert 0 < done_of(out) < COUNT
        error = running.communicate(timeout=LONG)[1]
    assert running.returncode == 0, error
    assert out.read_bytes() == expected


def test_a_run_whose_own_process_was_killed_goes_on(quiet_cluster, archive, expected, tmp_path):
    out = tmp_path / "out.jsonl"
    with scoring(archive, out, "--cluster", quiet_cluster.address) as running:
        running.kill()
        running.wait(LONG)
    before = done_of(out)
    assert 0 < before < COUNT
    assert not out.exists()
    done = score(archive, out, "--cluster", quiet_cluster.address, "--resume")
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == expected


def test_control_c_leaves_what_can_be_gone_on_with(quiet_cluster, archive, expected, tmp_path):
    out = tmp_path / "out.jsonl"
    with scoring(archive, out, "--cluster", quiet_cluster.address) as running:
        running.send_signal(signal.SIGINT)
        error = running.communicate(timeout=LONG)[1]
    assert running.returncode == 130, error
    assert last_line(error) == f"stopped after {done_of(out):,} comments; go on with --resume"
    done = score(archive, out, "--workers", "1", "--resume")
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == expected, "another machine, the same bytes"


def test_a_scheduler_that_is_lost_in_the_middle_ends_in_one_line(two_workers, archive, tmp_path):
    out = tmp_path / "out.jsonl"
    with scoring(archive, out, "--cluster", two_workers.address) as running:
        two_workers.scheduler.kill()
        error = running.communicate(timeout=LONG)[1]
    assert running.returncode == 2
    assert error == (
        f"stopped after {done_of(out):,} comments; go on with --resume\n"
        "moderation: the connection to the cluster's scheduler is lost\n"
    )


def test_nobody_there_is_said_in_one_line_and_nothing_is_left(cluster, archive, tmp_path):
    out = tmp_path / "out.jsonl"
    nowhere = f"tcp://127.0.0.1:{free_port()}"
    done = score(archive, out, "--cluster", nowhere)
    assert (done.returncode, done.stderr) == (2, f"moderation: {nowhere}: no Dask scheduler answers within 30 s\n")
    done = score(archive, out, "--cluster", cluster.address)
    reason = f"moderation: {cluster.address}: has no workers within 30 s, expected at least one\n"
    assert (done.returncode, done.stderr) == (2, reason)
    secret = cluster.address.replace("tcp:", "tls:")
    done = score(archive, out, "--cluster", secret)
    assert done.stderr.startswith(f"moderation: {secret}: needs certificates, expected them in Dask's configuration")
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.glob("*out.jsonl*"))


def test_workers_without_the_model_say_so(quiet_cluster, archive, tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "mine").symlink_to(ROOT / "models" / "default")
    out = tmp_path / "out.jsonl"
    done = score(
        archive, out, "--cluster", quiet_cluster.address, "--model", "mine", MODERATION_MODELS=str(tmp_path / "models")
    )
    reason = "moderation: a worker cannot score: unknown model 'mine', expected one of default\n"
    assert (done.returncode, done.stderr) == (2, reason)


def test_a_policy_of_the_owner_needs_to_be_on_no_worker(quiet_cluster, archive, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    policy = (ROOT / "moderation" / "policy" / "open.toml").read_text(encoding="utf-8")
    Path("mine.toml").write_text(policy.replace('name = "open"', 'name = "mine"'), encoding="utf-8")
    done = score(archive, tmp_path / "out.jsonl", "--cluster", quiet_cluster.address, "--policy", "mine.toml")
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["policy"] for line in lines} == {"mine"}
