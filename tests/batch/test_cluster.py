"""A cluster as far as it can be tested without Dask; with it: tests/integration/test_cluster.py."""

from __future__ import annotations

import sys

import pytest

from moderation import batch
from moderation.batch import connected
from moderation.errors import WorkerError

ADDRESSES = [
    "",
    "somewhere",
    "127.0.0.1:8786",
    "http://somewhere:8786",
    "tcp://somewhere",
    "tcp://a b:1",
    "tcp://:8786",
]


@pytest.mark.parametrize("address", [*ADDRESSES, "tcp://a:8786/path", "inproc://a:1"])
def test_what_is_no_address_is_said(address):
    with pytest.raises(WorkerError, match=r"is no address of a Dask scheduler, expected tcp://HOST:PORT$"):
        connected(address).__enter__()


@pytest.mark.parametrize("missing", ["dask", "distributed"])
def test_without_the_extra_it_says_how_to_install_it(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.delitem(sys.modules, "moderation.batch.dask_backend", raising=False)
    monkeypatch.delattr(batch, "dask_backend", raising=False)
    with pytest.raises(WorkerError) as caught:
        connected("tcp://127.0.0.1:8786").__enter__()
    assert str(caught.value) == "a cluster needs Dask, which is not installed: pip install 'moderation[dask]'"
