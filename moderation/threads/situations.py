"""Comments of a batch -> each one in its place: its parent's text, its article, and what came before it in its thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from moderation.limits import MAX_EARLIER
from moderation.records import Comment, Situation


def situations(comments: Sequence[Comment]) -> list[Situation]:
    """Return one situation a comment, in the same order.

    A `parent` that is the id of another comment of the same thread in the batch becomes that comment's text (records
    that name no thread count as one); any other is the text itself.
    Comments that share a `thread_id` see the ones before them in the batch, and know who wrote them.
    """
    by_id: dict[tuple[str | None, str], Comment] = {}
    for comment in comments:
        if comment.id is not None:
            # Ids are unique within a thread only.
            by_id.setdefault((comment.thread_id, comment.id), comment)
    seen: dict[str, list[Comment]] = defaultdict(list)
    placed = []
    for comment in comments:
        if comment.thread_id is None and comment.parent is None:
            # Most comments that are asked about one by one.
            placed.append(Situation(comment.text, None, comment.article))
            continue
        earlier: tuple[str, ...] = ()
        others: tuple[str, ...] = ()
        if comment.thread_id is not None:
            before = seen[comment.thread_id][-MAX_EARLIER:]
            earlier = tuple(one.text for one in before)
            others = tuple(dict.fromkeys(name for one in before if (name := _name(one)) and name != _name(comment)))
            seen[comment.thread_id].append(comment)
        parent, parent_author = _parent(comment, by_id)
        placed.append(Situation(comment.text, parent, comment.article, earlier, parent_author, others))
    return placed


def _parent(comment: Comment, by_id: dict[tuple[str | None, str], Comment]) -> tuple[str | None, str | None]:
    """Text and author of the comment replied to."""
    if comment.parent is None or comment.parent == comment.id:
        return None, None
    found = by_id.get((comment.thread_id, comment.parent))
    if found is None:
        return comment.parent or None, comment.parent_author
    return found.text or None, _name(found) or comment.parent_author


def _name(comment: Comment) -> str | None:
    return comment.author.name if comment.author else None
