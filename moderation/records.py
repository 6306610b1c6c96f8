"""The records that travel between the rooms: frozen dataclasses without behaviour.

Text fields are Unicode strings of any length; offsets count characters (code points), not bytes. Times are ISO 8601
strings as far as the source states them: no time zone is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a comment. `registered` is None when it is not known."""

    name: str | None = None
    registered: bool | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """What the comments are about. Fields that the page does not state are None."""

    title: str | None = None
    text: str | None = None
    url: str | None = None
    published_at: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment to be judged; only `text` is required.

    `parent` is the text of the comment replied to, or the `id` of another comment of the same batch; `parent_author` is the
    name of who wrote it, where the batch does not tell.
    """

    text: str
    id: str | None = None
    author: Author | None = None
    parent: str | None = None
    article: Article | None = None
    thread_id: str | None = None
    created_at: str | None = None
    parent_author: str | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody else's words set inside an article, an embedded tweet for instance."""

    text: str
    author: str | None = None
    handle: str | None = None
    created_at: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadComment:
    """A comment where it stands in its thread.

    `number` is its place as shown on the page ("8.2": second reply to comment 8). `parent_id` names the nearest
    ancestor that is on the page; `parent_missing` says that the comment really replied to is not.
    """

    id: str
    number: str
    text: str
    parent_id: str | None = None
    parent_missing: bool = False
    author: Author | None = None
    created_at: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """One article with its comments in page order, and what the page says about commenting."""

    source: str
    article: Article
    policy_text: str | None = None
    who_may_comment: tuple[str, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    comments: tuple[ThreadComment, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """The article of the comments of an export that name `thread_id`; it may stand before or after them."""

    thread_id: str
    article: Article


@dataclass(frozen=True, slots=True)
class Archived:
    """A comment as it stands in an export: `comment.parent` is the id of another one, `comment.article` is None.

    `status` is what the owner's site made of it: `approved`, `held`, `spam`, `trash` or `deleted`; None where the export
    does not say. `kind` is `comment`, `pingback` or `trackback`. `hints` are verdicts of other filters (`akismet:spam`).
    """

    comment: Comment
    status: str | None = None
    kind: str = "comment"
    hints: tuple[str, ...] = ()


class Situation(NamedTuple):
    """A comment in its place, resolved: what the model and the topicality read. A tuple: one is made for every comment.

    `earlier` holds the texts of the comments that came before it in its thread, oldest first. `parent_author` is who is
    replied to, `names` are the authors of those earlier ones: a comment that names them speaks to them or of them.
    """

    text: str
    parent: str | None = None
    article: Article | None = None
    earlier: tuple[str, ...] = ()
    parent_author: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an example comes from: corpus name, row id in that corpus, and the licence it is used under.

    `by_guide` says that the labels of a published corpus's row are this project's own, judged by its guide.
    """

    corpus: str
    row: str
    licence: str
    by_guide: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A situation with the labels somebody judged. A label absent from `labels` was not judged: unknown, not absent.

    `looks_like` names labels it does not have but was written to look like (a hard negative); `pair` is the id of the
    other half of a minimal pair: two comments that differ in the one thing that changes a label.
    """

    id: str
    thread: str
    situation: Situation
    provenance: Provenance
    labels: Mapping[str, int] = field(default_factory=dict)
    looks_like: tuple[str, ...] = ()
    pair: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a comment's text and their weight in a label's score, in log-odds."""

    start: int
    end: int
    label: str
    weight: float


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule that applied to a comment: the blog's own words (`says`), why it applied (`reason`) and what it does.

    `label`, `score` and `threshold` are None for a rule about a fact (registered, links, length, a pattern).
    """

    id: str
    says: str
    label: str | None
    score: float | None
    threshold: float | None
    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer about one comment.

    `decision` is what happens now; `suggestion` is what the scores alone call for, which differs where comments
    appear only after moderation. `scores` has every label; `off_topic` is None where there was nothing to compare with,
    and all are None for a comment that cannot be judged.
    """

    id: str | None
    decision: str
    suggestion: str
    rules: tuple[FiredRule, ...]
    scores: Mapping[str, float | None]
    spans: tuple[Span, ...]
    model: str
    policy: str
