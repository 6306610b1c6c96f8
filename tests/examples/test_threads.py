"""What came before an example in its thread."""

from __future__ import annotations

from moderation.examples import in_threads
from moderation.limits import MAX_EARLIER
from moderation.records import Example, Provenance, Situation


def example(thread: str, text: str, *earlier: str) -> Example:
    return Example(text, thread, Situation(text, earlier=earlier), Provenance("test", text, "none"))


def test_examples_see_those_before_them_in_their_thread():
    placed = in_threads([example("a", "1"), example("b", "2"), example("a", "3"), example("a", "4", "own")])
    assert [row.situation.earlier for row in placed] == [(), (), ("1",), ("own",)]


def test_only_the_newest_are_seen():
    placed = in_threads(example("a", str(number)) for number in range(MAX_EARLIER + 2))
    assert placed[-1].situation.earlier == tuple(str(number) for number in range(1, MAX_EARLIER + 1))
