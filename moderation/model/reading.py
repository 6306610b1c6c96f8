"""Situation -> Reading: the words of a comment and of what surrounds it, split once and shared by all features."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sklearn.base import BaseEstimator, TransformerMixin

from moderation.model.text import Word, words
from moderation.records import Situation


class Reading(NamedTuple):
    """The words of a comment, and the forms that occur in its parent, its article and earlier in its thread.

    `parent`, `article` and `thread` are None where there is none; `thread` includes the parent.
    """

    text: str
    words: list[Word]
    parent: frozenset[str] | None
    article: frozenset[str] | None
    thread: frozenset[str] | None


class Reader(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """First step of the pipeline: a sequence of `Situation` becomes a list of `Reading` of the same length."""

    def fit(self, X: Sequence[Situation], y: Any = None) -> Reader:
        """Nothing to learn."""
        return self

    def transform(self, X: Sequence[Situation]) -> list[Reading]:
        """Return one reading a situation."""
        return [_reading(situation) for situation in X]

    def __sklearn_is_fitted__(self) -> bool:
        return True


def _reading(situation: Situation) -> Reading:
    article = situation.article
    about = (article.title, article.text) if article else ()
    return Reading(
        situation.text,
        words(situation.text),
        _joined([situation.parent]),
        _joined(about),
        _joined([*situation.earlier, situation.parent]),
    )


def _joined(texts: Iterable[str | None]) -> frozenset[str] | None:
    """The different forms of all texts together; None where they have no word to compare with."""
    return frozenset().union(*(_forms(text) for text in texts if text)) or None


@lru_cache(maxsize=64)
def _forms(text: str) -> frozenset[str]:
    """The different forms of a text; the article and the parents of a thread recur from comment to comment."""
    return frozenset(word.form for word in words(text))
