"""Fixtures that several rooms share."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from joblib.externals.loky import get_reusable_executor

from moderation.examples import read_examples, split
from moderation.model import pipeline, training
from moderation.model.features import NGrams
from moderation.model.store import StoredModel
from moderation.moderator import Moderator, load_moderator
from moderation.policy.reader import load_policy
from moderation.records import Example
from moderation.threads.page import read_page

# No test hangs on the clock, and CI tries the same examples every time.
settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted((ROOT / "seeds" / "documents").glob("*.txt"))
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def seed_thread():
    return read_page(DOCUMENTS[0])


@pytest.fixture(scope="session")
def few_examples() -> list[Example]:
    """A few hundred written comments: enough for every label, small enough to fit in seconds."""
    rows: list[Example] = []
    for name in ("party_threads", "visitors", "identity_threads"):
        rows += read_examples(ROOT / "seeds" / "written" / f"{name}.jsonl")
    return split(rows)[0]


@pytest.fixture(scope="session")
def small_pipeline(few_examples):
    return training.fit(few_examples)


@contextmanager
def few_columns() -> Iterator[None]:
    """Make pipelines with few columns, which fit in a second, for tests that do not hang on what was learned."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "NGrams", lambda grams, width: NGrams(grams, min(width, 2**10)))
        yield


@pytest.fixture(scope="session")
def narrow_pipeline(few_examples):
    with few_columns():
        return training.fit(few_examples)


@pytest.fixture(scope="session")
def small_moderator(small_pipeline) -> Moderator:
    """A moderator whose model learned from few comments, but knows every word: it judges whatever has three of them."""
    pipeline = copy.deepcopy(small_pipeline)
    pipeline.named_steps["features"].vocabulary.bits_[:] = 255
    return Moderator(StoredModel("small", pipeline, {"labels": []}), load_policy("barnet-eye"))


@pytest.fixture(scope="session")
def shipped_moderator() -> Moderator:
    return load_moderator()


@pytest.fixture
def own_processes() -> Iterator[None]:
    """The pool of processes that joblib keeps is a new one, so that it sees the settings of the test, and ends with it."""
    get_reusable_executor(max_workers=1).shutdown(wait=True)
    yield
    get_reusable_executor(max_workers=1).shutdown(wait=True)
