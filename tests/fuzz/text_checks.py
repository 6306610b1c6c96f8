"""What must hold of normalising, of tokens and of verdicts whatever text they are given, halves of characters included."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache

from moderation.moderator import Moderator, load_moderator
from moderation.records import Article, Author, Comment, Verdict
from moderation.scored import to_record
from moderation.text.normal import normalise_all
from moderation.text.tokens import tokenise
from tests.fuzz.checks import FindingError

FIELD = "\x1f"
"""Between the fields of a comment, and between texts of one batch: a control character that nobody types."""
_MOST = 5
"""Texts of one batch; further ones teach nothing."""
_CLOSE = 1e-6


def text_of(data: bytes) -> str:
    """Any bytes as a text, halves of characters included: where they are no UTF-8, each byte is one."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogateescape")


def check_text(data: bytes) -> None:
    """Normalise and tokenise texts, and see that all places are inside them and that a batch changes nothing.

    Raises:
        FindingError: they are not, or it does. Whatever else is raised is a finding too.
    """
    texts = text_of(data).split(FIELD, _MOST - 1)
    normals = normalise_all(texts)
    if list(normals) != [normalise_all([text])[0] for text in texts]:
        raise FindingError("texts are read in another way in a batch")
    for text, normal in zip(texts, normals, strict=True):
        for place in range(len(normal.text)):
            _inside(normal.source(place, place + 1), text)
    tokens = tokenise(texts)
    for token in range(len(tokens)):
        _inside(tokens.span(token), texts[int(tokens.text[token])])
    alone = [[one.spelling(token) for token in range(len(one))] for one in (tokenise([text]) for text in texts)]
    if [tokens.spelling(token) for token in range(len(tokens))] != [word for words in alone for word in words]:
        raise FindingError("texts have other tokens in a batch")


def check_verdict(data: bytes) -> None:
    """Score a comment with all that may surround it, alone and in a batch, and see that the verdicts are sound.

    Raises:
        FindingError: they are not. Whatever else is raised is a finding too.
    """
    fields = [text_of(part) for part in data.split(FIELD.encode())]
    text, parent, title, article, name = (fields + [""] * 5)[:5]
    around = Article(title=title or None, text=article or None) if title or article else None
    comment = Comment(text, author=Author(name or None), parent=parent or None, article=around)
    bare = Comment(text)
    together = _moderator().score([comment, bare])
    for one, verdict in zip((comment, bare), together, strict=True):
        _check_verdict(verdict, text)
        (alone,) = _moderator().score([one])
        if not _same(alone.scores, verdict.scores) or alone.decision != verdict.decision:
            raise FindingError("a comment has another verdict in a batch")


@lru_cache
def _moderator() -> Moderator:
    return load_moderator("default")


def _check_verdict(verdict: Verdict, text: str) -> None:
    for score in verdict.scores.values():
        if score is not None and not 0 <= score <= 1:
            raise FindingError(f"a score is {score}, expected 0 to 1")
    for span in verdict.spans:
        _inside((span.start, span.end), text)
        if not math.isfinite(span.weight):
            raise FindingError(f"a weight is {span.weight}")
    json.dumps(to_record(verdict), allow_nan=False).encode()


def _inside(place: tuple[int, int], text: str) -> None:
    start, end = place
    if not 0 <= start < end <= len(text):
        raise FindingError(f"characters {start} to {end} are not in a text of {len(text)}")


def _same(one: Mapping[str, float | None], other: Mapping[str, float | None]) -> bool:
    return one.keys() == other.keys() and all(
        (one[label] is None) == (other[label] is None) and abs((one[label] or 0) - (other[label] or 0)) <= _CLOSE
        for label in one
    )
