"""Comments of a batch -> each one in its place: its parent's text, its article, and what came before it in its thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from moderation.records import Comment, Situation

MAX_EARLIER = 20
"""How many comments of the thread before it a comment is compared with: the newest ones, as a reader would see them."""


def situations(comments: Sequence[Comment]) -> list[Situation]:
    """Return one situation a comment, in the same order.

    A `parent` that is the id of another comment of the same thread in the batch becomes that comment's text (records
    that name no thread count as one); any other is the text itself.
    Comments that share a `thread_id` see the ones before them in the batch.
    """
    by_id: dict[tuple[str | None, str], str] = {}
    for comment in comments:
        if comment.id is not None:
            # Ids are unique within a thread only.
            by_id.setdefault((comment.thread_id, comment.id), comment.text)
    seen: dict[str, list[str]] = defaultdict(list)
    placed = []
    for comment in comments:
        earlier: tuple[str, ...] = ()
        if comment.thread_id is not None:
            earlier = tuple(seen[comment.thread_id][-MAX_EARLIER:])
            seen[comment.thread_id].append(comment.text)
        placed.append(Situation(comment.text, _parent(comment, by_id), comment.article, earlier))
    return placed


def _parent(comment: Comment, by_id: dict[tuple[str | None, str], str]) -> str | None:
    if comment.parent is None or comment.parent == comment.id:
        return None
    return by_id.get((comment.thread_id, comment.parent), comment.parent) or None
